/** What somebody may begin with in the explorer of the API; each is sent to a server by explorer-examples.test.ts. */
export interface Example {
  title: string
  query: string
  /** With the address and id of the team that it asks about. */
  variables?: (team: { id: string; slug: string }) => Record<string, unknown>
}

const ofTeam = ({ slug }: { slug: string }) => ({ slug })

export const EXAMPLES: readonly Example[] = [
  {
    title: 'Who asks, and how much is left of the minute',
    query: `query WhoAsks {
  viewer {
    user { name email }
    teams { id name slug viewerRole }
  }
  rateLimit { limit cost remaining resetAt }
}`,
  },
  {
    title: 'The newest runs and how accurate they are',
    query: `query NewestRuns($slug: String!) {
  team(slug: $slug) {
    runs(first: 10) {
      totalCount
      nodes {
        number
        status
        cohort { name }
        datasetVersion { number dataset { name } }
        students { student { name architecture } bestTestTop1 lastLoss }
      }
    }
  }
}`,
    variables: ofTeam,
  },
  {
    title: 'Runs that failed, and why',
    query: `query FailedRuns($slug: String!) {
  team(slug: $slug) {
    runs(statuses: [FAILED], first: 20) {
      nodes { number finishedAt failure { code message } }
    }
  }
}`,
    variables: ofTeam,
  },
  {
    title: 'The curves of one run',
    query: `query Curves($slug: String!, $number: Int!) {
  team(slug: $slug) {
    run(number: $number) {
      progress { step steps }
      metrics(names: ["loss", "testTop1"], maxPoints: 100) { student name steps values }
    }
  }
}`,
    variables: ({ slug }) => ({ slug, number: 1 }),
  },
  {
    title: 'Datasets with their versions and classes',
    query: `query Datasets($slug: String!) {
  team(slug: $slug) {
    datasets(first: 20) {
      nodes {
        name
        kind
        versions { id number status classes splits { name count } }
      }
    }
  }
}`,
    variables: ofTeam,
  },
  {
    title: 'Cohorts: who is taught by whom',
    query: `query Cohorts($slug: String!) {
  team(slug: $slug) {
    cohorts(first: 20) {
      nodes {
        name
        teaching { method updateRule temperature weight }
        students { name architecture }
      }
    }
  }
}`,
    variables: ofTeam,
  },
  {
    title: 'Models and ensembles with the files there are',
    query: `query Models($slug: String!) {
  team(slug: $slug) {
    registry(first: 20) {
      nodes {
        __typename
        id
        run { number }
        artifacts { format byteLength sha256 }
        ... on Model { student { name architecture } top1 parameters }
        ... on Ensemble { meanPosteriorTop1 parameters }
      }
    }
  }
}`,
    variables: ofTeam,
  },
  {
    title: 'Experiments: does teaching each other help?',
    query: `query Experiments($slug: String!) {
  team(slug: $slug) {
    experiments(first: 10) {
      nodes { number title seeds conditions arms { name } createdAt }
    }
  }
}`,
    variables: ofTeam,
  },
  {
    title: 'Create a cohort of two students',
    query: `mutation CreateCohort($input: CreateCohortInput!) {
  createCohort(input: $input) {
    cohort { id name students { name architecture } }
    errors { code message path }
  }
}`,
    variables: ({ id }) => ({
      input: {
        teamId: id,
        name: 'Ada and Grace',
        students: [
          { name: 'ada', architecture: 'resnet-8' },
          { name: 'grace', architecture: 'resnet-8' },
        ],
        teaching: { method: 'MUTUAL' },
        idempotencyKey: 'ada-and-grace',
      },
    }),
  },
  {
    title: 'Follow the team’s runs, live',
    query: `subscription TeamRuns($teamId: ID!) {
  teamRuns(teamId: $teamId, includeProgress: true) {
    number
    status
    progress { step steps imagesPerSecond }
  }
}`,
    variables: ({ id }) => ({ teamId: id }),
  },
]
