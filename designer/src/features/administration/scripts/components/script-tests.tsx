import { Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useId } from 'react';
import { useApi } from '@/api/api-context';
import { changedPackage, type FileChange } from '@/api/packages';
import { useTexts } from '@/lib/i18n/text';
import { runTests } from '@/features/administration/api/package-tests';
import { Report } from '@/features/administration/components/package-tests-page';
import { failureText } from '@/api/failure-text';
import styles from './scripts.module.css';

interface ScriptTestsProps {
  packageName: string;
  /** The script as it stands in the editor; null while it has mistakes. */
  change: FileChange | null;
}

/** Runs the tests of a package with a script as it stands in the editor. */
export function ScriptTests({ packageName, change }: ScriptTestsProps) {
  const t = useTexts();
  const api = useApi();
  const heading = useId();
  const run = useMutation({ mutationFn: async (wanted: FileChange) => runTests(api, [await changedPackage(api, packageName, wanted)]) });
  return (
    <section className={styles.section} aria-labelledby={heading}>
      <h2 className={styles.heading} id={heading}>
        {t('scripts.tests', { name: packageName })}
      </h2>
      <p className={styles.hint}>{t('scripts.tests.text')}</p>
      <div>
        <Button variant="default" disabled={!change} loading={run.isPending} onClick={() => change && run.mutate(change)}>
          {t('scripts.tests.run')}
        </Button>
      </div>
      {change ? null : <p className={styles.hint}>{t('scripts.unfinished')}</p>}
      {run.isError ? (
        <p className={styles.error} role="alert">
          {failureText(t, run.error)}
        </p>
      ) : null}
      {run.data ? <Report report={run.data} /> : null}
    </section>
  );
}
