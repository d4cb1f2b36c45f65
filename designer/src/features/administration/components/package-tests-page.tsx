import { Button } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useApi } from '@/api/api-context';
import { failureText } from '@/api/failure-text';
import { useTexts } from '@/lib/i18n/text';
import styles from '@/trial/components/trial.module.css';
import { Badge } from '@/ui/badge';
import { packagesQuery, testPackages, type TestOutcome, type TestReport } from '../api/package-tests';
import { ListFrame } from './list-frame';
import { SectionHeader } from './section-header';

function Outcome({ test }: { test: TestOutcome }) {
  const t = useTexts();
  const { package: name, file, line } = test.location;
  return (
    <li className={styles.card}>
      <div className={styles.cardTop}>
        <span className={styles.cardName}>{test.name}</span>
        <Badge color={test.passed ? 'green' : 'red'} label={t(test.passed ? 'admin.tests.passed' : 'admin.tests.failed')} />
      </div>
      {test.passed ? null : (
        <span className={styles.soft}>
          {name}/{file}:{line}
        </span>
      )}
      {test.differences.length > 0 ? (
        <dl className={styles.changes}>
          {test.differences.map((difference) => (
            <div key={difference.path}>
              <dt>{difference.subject}</dt>
              <dd>
                {t('admin.tests.expected')} <ins>{difference.expected}</ins>
                <br />
                {t('admin.tests.got')} <del style={{ textDecoration: 'none' }}>{difference.got}</del>
              </dd>
            </div>
          ))}
        </dl>
      ) : null}
    </li>
  );
}

/** What a run of tests has shown. */
export function Report({ report }: { report: TestReport }) {
  const t = useTexts();
  const tests = report.tests.toSorted((one, other) => Number(one.passed) - Number(other.passed));
  return (
    <section className={styles.section} aria-label={t('admin.tests.report')}>
      <p className={report.failed > 0 ? styles.error : styles.hint} role="status">
        {t('admin.tests.summary', { passed: report.passed, failed: report.failed })}
      </p>
      {report.problems.map((problem) => (
        <p key={problem.message} className={styles.error}>
          {problem.message} {problem.remedy}
        </p>
      ))}
      <ul className={styles.list}>
        {tests.map((test) => (
          <Outcome key={`${test.location.package} ${test.name}`} test={test} />
        ))}
      </ul>
    </section>
  );
}

/** Runs the tests of the published packages. */
export function PackageTestsPage() {
  const t = useTexts();
  const api = useApi();
  const packages = useQuery(packagesQuery(api));
  const run = useMutation({ mutationFn: (names: string[]) => testPackages(api, names) });
  const names = packages.data?.map(({ name }) => name) ?? [];
  return (
    <>
      <SectionHeader title={t('admin.tests')} />
      <ListFrame query={packages} empty={{ title: t('admin.tests.empty'), text: t('admin.tests.text') }}>
        <div className={styles.page}>
          <section className={styles.section}>
            <p className={styles.hint}>{t('admin.tests.text')}</p>
            <div className={styles.bar}>
              <Button loading={run.isPending && run.variables.length === names.length} disabled={names.length === 0} onClick={() => run.mutate(names)}>
                {t('admin.tests.runAll')}
              </Button>
              {names.map((name) => (
                <Button key={name} variant="default" loading={run.isPending && run.variables.length === 1 && run.variables[0] === name && names.length > 1} onClick={() => run.mutate([name])}>
                  {t('admin.tests.run', { name })}
                </Button>
              ))}
            </div>
            {run.isError ? (
              <p className={styles.error} role="alert">
                {failureText(t, run.error)}
              </p>
            ) : null}
          </section>
          {run.data ? <Report report={run.data} /> : null}
        </div>
      </ListFrame>
    </>
  );
}
