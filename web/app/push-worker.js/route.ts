import { PUSH_WORKER_SCRIPT } from '../../features/notices/push/push-worker-script.ts'

export const dynamic = 'force-static'

export function GET(): Response {
  return new Response(PUSH_WORKER_SCRIPT, { headers: { 'content-type': 'text/javascript; charset=utf-8' } })
}
