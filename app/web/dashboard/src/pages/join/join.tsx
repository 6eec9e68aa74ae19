// From an invitation's link to the joined group, for oneself and for relatives, on one page.
import { useRoute } from "preact-iso";
import { InvitationPreviewDocument, BeforeJoiningDocument } from "../../graphql/generated";
import { useReading } from "../../graphql/queries";
import { Button } from "../../parts/button";
import { Page, Section } from "../../parts/page";
import { Empty, Shown } from "../../parts/states";
import { SharedWith, TermsText } from "../../parts/terms";
import { hasSandbox } from "../../sandbox";
import { signedIn } from "../../session/tokens";
import { SignInSteps } from "../sign_in/sign_in";
import { Invited } from "./invited";
import { t } from "./texts";

export function Join() {
  const { params } = useRoute();
  return (
    <Page key={String(signedIn.value)} title={t.title}>
      {signedIn.value ? <Opened token={params.token ?? ""} /> : <SignedOut />}
    </Page>
  );
}

const SUGGESTED = "+8613900000001"; // in the sandbox any phone will do

/** Which group it is may be read by who is signed in; what joining means, by everybody. */
function SignedOut() {
  const { data } = useReading(BeforeJoiningDocument, {});
  return (
    <>
      <Section title={t.invited}>
        <div class="narrow">
          <p>{t.signInFirst}</p>
          {hasSandbox && <p class="hint">{t.signInSandbox}</p>}
          <SignInSteps suggested={hasSandbox ? SUGGESTED : ""} />
        </div>
      </Section>
      {data?.sharedData && <SharedWith shared={data.sharedData} />}
      {data?.terms && <TermsText terms={data.terms} />}
    </>
  );
}

function Opened({ token }: { token: string }) {
  const reading = useReading(InvitationPreviewDocument, { token });
  const { error, again } = reading;
  const isMadeUp = error?.graphQLErrors.some(({ extensions }) => extensions?.code === "NOT_FOUND");
  if (isMadeUp) {
    return (
      <>
        <Empty>{t.notFound}</Empty>
        <div>
          <Button onClick={again}>{t.lookAgain}</Button>
        </div>
      </>
    );
  }
  return (
    <Shown reading={reading}>
      {({ invitation }) =>
        invitation && <Invited token={token} preview={invitation} onLookAgain={again} />
      }
    </Shown>
  );
}
