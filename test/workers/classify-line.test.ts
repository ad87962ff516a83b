import { expect, it } from 'vitest'
import { classifyLine } from '../../workers/training/classify-line.ts'

it.each([
  [
    '2026-11-25 02:10:11.123456: W tensorflow/core/framework/cpu_allocator_impl.cc:82] Allocation of 8 exceeds 10% of free system memory.',
    'WARN',
  ],
  ['2026-11-25 02:10:11.123456: E external/local_xla/xla/stream_executor/cuda/cuda_dnn.cc:9] no', 'ERROR'],
  ['2026-11-25 02:10:11: I tensorflow/core/util/port.cc:113] one', 'INFO'],
  ['I0000 00:00:1732500611.123456    4711 gpu_device.cc:2020] Created', 'INFO'],
  ['W0000 00:00:1732500611.123456 4711 gpu_timer.cc:114] Skipping', 'WARN'],
  ['F1125 02:10:11.123456 4711 tensor.cc:12] Check failed', 'ERROR'],
] as const)('tells by its form that TensorFlow printed “%s”', (line, level) => {
  expect(classifyLine(line, 'stderr')).toEqual({ source: 'TENSORFLOW', level })
  expect(classifyLine(line, 'stdout')).toEqual({ source: 'TENSORFLOW', level })
})

it.each([
  'Error: no such file',
  '    at train (train.ts:12:3)',
  '2026-11-25 02:10:11 something: W else',
  'I000 am not one',
])('takes “%s” for the training process’s own, a warning only on stderr', (line) => {
  expect(classifyLine(line, 'stderr')).toEqual({ source: 'TRAINING', level: 'WARN' })
  expect(classifyLine(line, 'stdout')).toEqual({ source: 'TRAINING', level: 'INFO' })
})
