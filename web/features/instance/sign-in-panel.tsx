import { Facts } from '../../design/facts.tsx'
import { Panel } from '../../design/panel.tsx'
import type { InstanceHealthQuery } from '../../graphql/generated/operations.ts'

type Options = InstanceHealthQuery['signIn']

/** Who may come in, as the environment says it: here it is shown, and nowhere else changed. */
export function SignInPanel({ options }: { options: Options }) {
  return (
    <Panel
      title="Who may come in"
      note={
        <>
          By the settings <code className="font-mono text-xs">SIGN_UP</code> and{' '}
          <code className="font-mono text-xs">OIDC_ISSUER</code> of the server’s environment.
        </>
      }
    >
      <Facts
        facts={[
          ['New people', signUpWords(options)],
          ['Sign-in', signInWords(options)],
        ]}
        columns="sm:grid-cols-2"
      />
    </Panel>
  )
}

function signUpWords({ signUp, domains }: Options): string {
  if (signUp === 'OPEN') return 'Everybody makes an account'
  if (signUp === 'INVITED') return 'By a team’s invitation alone'
  return `With an address that ends with ${domains.map((domain) => `@${domain}`).join(', ')}`
}

function signInWords({ passwords, provider }: Options): string {
  if (!provider) return 'By password'
  return passwords ? `By password, or by ${provider}` : `By ${provider} alone`
}
