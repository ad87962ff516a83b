const STUDENTS = '[{"name": name, "architecture": "resnet-8"} for name in ("ada", "grace")]'
const NEWEST_RUNS =
  '{ viewer { teams { runs(first: 5) { nodes { number status students { student { name } bestTestTop1 } } } } } }'

export interface FirstLines {
  /** Of the tab. */
  label: string
  code: string
  /** What they do, and what has to be there. */
  note: string
}

/** How a terminal, a notebook and anything else begin with the product at this address. */
export function firstLines(origin: string): FirstLines[] {
  return [
    {
      label: 'Terminal',
      code: `studyhall login --url ${origin}
studyhall dataset import pictures --name pets --wait
studyhall experiment start --dataset pets --students resnet-8,resnet-8 --wait`,
      note: 'Trains two ResNet-8 alone and teaching each other, with three seeds, and says whether it helps on your images.',
    },
    {
      label: 'Python',
      code: `from studyhall import Studyhall

hall = Studyhall("${origin}", key)
hall.import_dataset("pictures", "pets")
cohort = {"name": "Two small ones", "students": ${STUDENTS}}
run = hall.start_run(cohort, "pets").wait()
hall.download(run.data["ensemble"]["id"], "models", "ONNX")`,
      note: 'Starts a run, waits until it has succeeded, and downloads all students as one ONNX model.',
    },
    {
      label: 'GraphQL',
      code: `curl --silent ${origin}/graphql --header "Authorization: Bearer $STUDYHALL_KEY" \\
  --header 'Content-Type: application/json' \\
  --data '${JSON.stringify({ query: NEWEST_RUNS })}'`,
      note: 'Your newest runs, with every student’s best accuracy. Whatever the pages do goes by this API.',
    },
  ]
}
