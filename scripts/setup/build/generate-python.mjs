// Writes the operations of the Python client: their texts, with the fragments they need, and what fragments bring as
// types. The command's operations are the client's, too.
import { join } from 'node:path'
import { root } from '../settings.mjs'
import { writeFileWhole } from '../stamps.mjs'

export const pythonOperations = join(root, 'clients/python/studyhall/operations.py')

const SCALARS = {
  ID: 'str',
  String: 'str',
  DateTime: 'str',
  Int: 'int',
  Bytes: 'int',
  Float: 'float',
  Boolean: 'bool',
  JSON: 'Any',
}

export async function generatePython(schema, documents) {
  const graphql = await import('graphql')
  const definitions = documents.flatMap(({ document }) => document.definitions)
  const fragments = new Map(definitions.filter(isFragment).map((each) => [each.name.value, each]))
  const writer = new TypeWriter(schema, fragments, graphql)
  for (const fragment of fragments.values()) writer.add(fragment)
  const operations = definitions.filter((each) => !isFragment(each))
  const texts = operations.map((each) => textOf(each, fragments, graphql))
  const head = `"""Written by \`npm run generate\` from schema.graphql and the operations of cli and clients: change those."""

from __future__ import annotations

from typing import Literal, Optional, TypedDict
`
  writeFileWhole(pythonOperations, `${[head, ...writer.enums(), ...writer.classes, ...texts].join('\n')}`)
}

const isFragment = ({ kind }) => kind === 'FragmentDefinition'

function textOf(operation, fragments, graphql) {
  const needed = new Map()
  const collect = (node) =>
    graphql.visit(node, {
      FragmentSpread({ name: { value } }) {
        if (needed.has(value)) return
        needed.set(value, fragments.get(value))
        collect(fragments.get(value))
      },
    })
  collect(operation)
  const text = [operation, ...needed.values()].map((each) => graphql.print(each)).join('\n\n')
  const name = operation.name.value.replace(/(?<=[a-z])[A-Z]/g, (letter) => `_${letter}`).toUpperCase()
  return `${name} = """\n${text}\n"""\n`
}

/** A TypedDict for each fragment and for each object within one. */
class TypeWriter {
  classes = []
  #schema
  #fragments
  #graphql
  #enums = new Map()

  constructor(schema, fragments, graphql) {
    this.#schema = schema
    this.#fragments = fragments
    this.#graphql = graphql
  }

  add({ name, typeCondition, selectionSet }) {
    this.#write(name.value, this.#schema.getType(typeCondition.name.value), selectionSet)
  }

  enums() {
    return [...this.#enums].map(
      ([name, values]) => `${name} = Literal[${values.map((value) => `"${value}"`).join(', ')}]\n`,
    )
  }

  #write(className, type, selectionSet) {
    const fields = this.#fieldsOf(className, type, selectionSet)
    const lines = [...fields].map(([key, pythonType]) => `    ${key}: ${pythonType}`)
    this.classes.push(`\nclass ${className}(TypedDict):\n${lines.join('\n')}\n`)
    return className
  }

  #fieldsOf(className, type, { selections }) {
    const fields = new Map()
    for (const selection of selections) {
      if (selection.kind === 'FragmentSpread') {
        const { typeCondition, selectionSet } = this.#fragments.get(selection.name.value)
        const spread = this.#schema.getType(typeCondition.name.value)
        for (const [key, value] of this.#fieldsOf(className, spread, selectionSet)) fields.set(key, value)
      } else if (selection.kind === 'Field' && selection.name.value !== '__typename') {
        const field = type.getFields()[selection.name.value]
        fields.set(
          field.name,
          this.#typeOf(
            `${className}${field.name[0].toUpperCase()}${field.name.slice(1)}`,
            field.type,
            selection,
          ),
        )
      }
    }
    return fields
  }

  #typeOf(className, type, selection) {
    if (this.#graphql.isNonNullType(type)) return this.#plain(className, type.ofType, selection)
    return `Optional[${this.#plain(className, type, selection)}]`
  }

  #plain(className, type, selection) {
    if (this.#graphql.isListType(type)) return `list[${this.#typeOf(className, type.ofType, selection)}]`
    if (this.#graphql.isEnumType(type)) {
      this.#enums.set(
        type.name,
        type.getValues().map(({ name }) => name),
      )
      return type.name
    }
    if (selection.selectionSet) {
      const isWritten = this.classes.some((text) => text.startsWith(`\nclass ${className}(`))
      return isWritten ? className : this.#write(className, type, selection.selectionSet)
    }
    return SCALARS[type.name]
  }
}
