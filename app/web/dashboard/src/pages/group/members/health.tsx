// A member's health data: code, tests, vaccinations, and how old it all is; and their consents.
import {
  MemberConsentsDocument,
  type MemberDetailFragment,
  type TestRowFragment,
} from "../../../graphql/generated";
import { useGroupReading } from "../../../graphql/queries";
import { resultNames } from "../../../names";
import { CodeBadge } from "../../../parts/badges";
import { Shown } from "../../../parts/states";
import { Day, Time } from "../../../parts/times";
import { texts } from "../../../texts";

const t = texts({
  zh: {
    health: "健康信息",
    code: "健康码",
    codeAt: "健康码时间",
    asOf: "数据时间",
    tests: "核酸检测记录",
    noTests: "没有核酸检测记录。",
    result: "结果",
    tested: "检测时间",
    sampled: "采样时间",
    institution: "检测机构",
    doses: "新冠疫苗接种记录",
    noDoses: "没有接种记录。",
    dose: "剂次",
    day: "接种日期",
    manufacturer: "疫苗厂家",
    consents: "授权同意",
    version: "条款版本",
    givenBy: "授权人",
    givenAt: "授权时间",
    withdrawnAt: "撤回时间",
  },
  en: {
    health: "Health",
    code: "Health code",
    codeAt: "Code set at",
    asOf: "Data as of",
    tests: "Nucleic acid tests",
    noTests: "No test is on record.",
    result: "Result",
    tested: "Result at",
    sampled: "Sampled at",
    institution: "Tested by",
    doses: "Vaccinations",
    noDoses: "No vaccination is on record.",
    dose: "Dose",
    day: "Day",
    manufacturer: "Manufacturer",
    consents: "Consents",
    version: "Terms",
    givenBy: "Given by",
    givenAt: "Given at",
    withdrawnAt: "Withdrawn at",
  },
});

type Member = MemberDetailFragment;

export function Health({ member }: { member: Member }) {
  return (
    <section>
      <h3>{t.health}</h3>
      <dl>
        <dt>{t.code}</dt>
        <dd>
          <CodeBadge code={member.healthCode} />
        </dd>
        <dt>{t.codeAt}</dt>
        <dd>
          <Time at={member.healthCodeAt} />
        </dd>
        <dt>{t.asOf}</dt>
        <dd>
          <Time at={member.asOf} />
        </dd>
      </dl>
      {member.tests.length ? (
        <Tests tests={member.tests} name={member.person.name} />
      ) : (
        <p class="hint">{t.noTests}</p>
      )}
      {member.vaccinations.length ? (
        <Doses vaccinations={member.vaccinations} name={member.person.name} />
      ) : (
        <p class="hint">{t.noDoses}</p>
      )}
    </section>
  );
}

// Several members may stand on one page: each table is labelled with its member's name.
function Tests({ tests, name }: { tests: TestRowFragment[]; name: string }) {
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label={`${t.tests} · ${name}`}>
      <table>
        <caption>{t.tests}</caption>
        <thead>
          <tr>
            <th scope="col">{t.result}</th>
            <th scope="col">{t.tested}</th>
            <th scope="col">{t.sampled}</th>
            <th scope="col">{t.institution}</th>
          </tr>
        </thead>
        <tbody>
          {tests.map((test) => (
            <tr key={test.sampledAt}>
              <td>{resultNames[test.result]}</td>
              <td>
                <Time at={test.testedAt} />
              </td>
              <td>
                <Time at={test.sampledAt} />
              </td>
              <td>{test.institution}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Doses({ vaccinations, name }: Pick<Member, "vaccinations"> & { name: string }) {
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label={`${t.doses} · ${name}`}>
      <table>
        <caption>{t.doses}</caption>
        <thead>
          <tr>
            <th scope="col">{t.dose}</th>
            <th scope="col">{t.day}</th>
            <th scope="col">{t.manufacturer}</th>
          </tr>
        </thead>
        <tbody>
          {vaccinations.map(({ dose, date, manufacturer }) => (
            <tr key={dose}>
              <td>{dose}</td>
              <td>
                <Day date={date} />
              </td>
              <td>{manufacturer}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** What the viewer, or a ward of theirs, consented to. */
export function Consents(variables: { groupId: string; memberId: string }) {
  const reading = useGroupReading(MemberConsentsDocument, variables);
  return (
    <section>
      <h3>{t.consents}</h3>
      <Shown reading={reading}>
        {({ node }) => (
          <ul>
            {(node && "consents" in node ? (node.consents ?? []) : []).map((consent) => (
              <li key={consent.id}>
                {t.version} {consent.version} · {t.givenBy} {consent.givenBy} · {t.givenAt}{" "}
                <Time at={consent.givenAt} />
                {consent.withdrawnAt && ` · ${t.withdrawnAt} `}
                {consent.withdrawnAt && <Time at={consent.withdrawnAt} />}
              </li>
            ))}
          </ul>
        )}
      </Shown>
    </section>
  );
}
