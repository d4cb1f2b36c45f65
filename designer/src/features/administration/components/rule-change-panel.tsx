import { Button, Textarea } from '@mantine/core';
import { useTexts } from '@/lib/i18n/text';
import styles from '@/trial/components/trial.module.css';
import type { useRuleChange } from '../hooks/use-rule-change';

/** Condition and script of a rule, or the script of an action or schedule, to be changed and tried. */
export function RuleChangePanel({ change, hasCondition }: { change: ReturnType<typeof useRuleChange>; hasCondition: boolean }) {
  const t = useTexts();
  const code = { classNames: { input: styles.code ?? '' }, spellCheck: false, resize: 'vertical' } as const;
  return (
    <section className={styles.section} aria-labelledby="change">
      <h2 className={styles.heading} id="change">
        {t('admin.rule.change')}
      </h2>
      <p className={styles.hint}>{t('admin.rule.change.text')}</p>
      {hasCondition ? (
        <Textarea {...code} label={t('admin.rule.when')} placeholder="amount > 1000" rows={2} value={change.when} onChange={(event) => change.setWhen(event.currentTarget.value)} />
      ) : null}
      {change.isPlain ? (
        <Textarea {...code} label={t('admin.rule.script')} rows={Math.min(Math.max(change.script.split('\n').length + 1, 4), 24)} value={change.script} onChange={(event) => change.setScript(event.currentTarget.value)} />
      ) : (
        <p className={styles.hint}>{t('admin.rule.script.built')}</p>
      )}
      {change.isChanged ? (
        <div className={styles.bar}>
          <Button variant="default" onClick={change.reset}>
            {t('admin.rule.change.reset')}
          </Button>
          <span className={styles.hint}>{t('admin.rule.change.unsaved')}</span>
        </div>
      ) : null}
    </section>
  );
}
