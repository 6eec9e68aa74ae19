// The documents of a front end, typed by graphql-codegen.
import { graphql } from "../generated/index.js";

export const MemberFields = graphql(`
  fragment MemberFields on Member {
    id
    remark
    role
    joinedAt
    person { name idNumberMasked student }
    healthCode
    healthCodeAt
    latestTest { result sampledAt testedAt institution }
    doses
    vaccinations { dose date manufacturer }
    anomaly {
      reasons
      openedAt
      nextChangeAt
      evidence { reason since code asOf }
    }
    asOf
  }
`);

export const RequestCode = graphql(`
  mutation RequestCode($input: RequestVerificationCodeInput!) {
    requestVerificationCode(input: $input) {
      challenge
      retryAfterSeconds
      errors { code message path retryAfterSeconds }
    }
  }
`);

export const SignIn = graphql(`
  mutation SignIn($input: SignInInput!) {
    signIn(input: $input) {
      accessToken
      refreshToken
      deviceToken
      me { id phone realNamed }
      errors { code message path }
    }
  }
`);

export const RefreshSession = graphql(`
  mutation RefreshSession($input: RefreshSessionInput!) {
    refreshSession(input: $input) {
      accessToken
      refreshToken
      errors { code message }
    }
  }
`);

export const StartVerification = graphql(`
  mutation StartVerification($input: StartIdentityVerificationInput!) {
    startIdentityVerification(input: $input) {
      verification { id url status expiresAt }
      errors { code message path }
    }
  }
`);

export const ConfirmIdentity = graphql(`
  mutation ConfirmIdentity($input: ConfirmIdentityInput!) {
    confirmIdentity(input: $input) {
      me { id name realNamed }
      errors { code message }
    }
  }
`);

export const CreateGroup = graphql(`
  mutation CreateGroup($input: CreateGroupInput!) {
    createGroup(input: $input) {
      group { id name colour requirement { natValidity anomalousCodes } }
      errors { code message path }
    }
  }
`);

export const SetRequirement = graphql(`
  mutation SetRequirement($input: SetRequirementInput!) {
    setRequirement(input: $input) {
      group { id requirement { natValidity anomalousCodes } }
      errors { code message path }
    }
  }
`);

export const UpdateGroup = graphql(`
  mutation UpdateGroup($input: UpdateGroupInput!) {
    updateGroup(input: $input) {
      group { id name address }
      errors { code message path }
    }
  }
`);

export const CreateInvitation = graphql(`
  mutation CreateInvitation($input: CreateInvitationInput!) {
    createInvitation(input: $input) {
      invitation { id token url expiresAt }
      errors { code message }
    }
  }
`);

export const Invitation = graphql(`
  query Invitation($token: String!) {
    invitation(token: $token) {
      state
      expiresAt
      remarkPrompt
      remarkRequired
      group { name type address }
      terms { version text }
      sharedData
    }
  }
`);

export const JoinGroup = graphql(`
  mutation JoinGroup($input: JoinGroupInput!) {
    joinGroup(input: $input) {
      members { id remark }
      errors { code message path }
    }
  }
`);

export const Members = graphql(`
  query Members(
    $groupId: ID!
    $search: String
    $exact: Boolean
    $where: MemberFilter
    $orderBy: MemberOrder
    $first: Int
    $after: String
  ) {
    group(id: $groupId) {
      id
      membersCount(search: $search, exact: $exact, where: $where)
      members(
        search: $search
        exact: $exact
        where: $where
        orderBy: $orderBy
        first: $first
        after: $after
      ) {
        nodes { ...MemberFields }
        pageInfo { hasNextPage endCursor }
      }
    }
  }
`);

export const Dashboard = graphql(`
  query Dashboard($groupId: ID!, $yellow: MemberFilter) {
    me {
      id
      name
      groups(roles: [CREATOR, ADMIN]) { nodes { id name colour } }
    }
    group(id: $groupId) {
      id
      name
      type
      colour
      colourReasons { reason count }
      memberCount
      memberLimit
      viewerRole
      version
      yellow: membersCount(where: $yellow)
      activity { state refreshDue lastRefreshedAt }
      refresh {
        run { id status done total }
        nextAllowedAt
        nextScheduledAt
      }
      statistics {
        total
        byHealthCode { healthCode count }
        byTest { window result count }
        byDoses { doses count }
      }
      reports { date refreshedAt statistics { total } }
    }
  }
`);

export const Node = graphql(`
  query Node($id: ID!) {
    node(id: $id) {
      __typename
      id
      ... on Member { ...MemberFields }
      ... on Group { name }
    }
  }
`);

export const GroupEvents = graphql(`
  subscription GroupEvents($groupId: ID!, $after: Int) {
    groupEvents(groupId: $groupId, after: $after) {
      __typename
      ... on GroupEvent { number type at actor subjectId }
      ... on Lagged { number }
    }
  }
`);

export const GroupStatus = graphql(`
  subscription GroupStatus($groupId: ID!) {
    groupStatusChanged(groupId: $groupId) {
      id
      name
      colour
      colourReasons { reason count }
    }
  }
`);

export const ExportReport = graphql(`
  mutation ExportReport($input: ExportReportInput!) {
    exportReport(input: $input) {
      url
      expiresAt
      errors { code message }
    }
  }
`);
