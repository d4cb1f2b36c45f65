import { Anchor, Button } from '@mantine/core';
import { useState } from 'react';
import { Link, useParams } from 'react-router';
import { formatDateTime, formatNumber } from '@/lib/format';
import { useTexts } from '@/lib/i18n/text';
import { noEntity, ruleBuilderPath, scriptPath, usesPath } from '@/lib/paths';
import { RuleTrial } from '@/trial/components/rule-trial';
import { TracePanel } from '@/trial/components/trace-panel';
import styles from '@/trial/components/trial.module.css';
import { Badge } from '@/ui/badge';
import { Message } from '@/ui/message';
import { PageHeader } from '@/ui/page-header';
import { usePageTitle } from '@/ui/page-title';
import type { Rule } from '../api/rules';
import { healthOf, healths } from '../hooks/rule-health';
import { useRuleChange } from '../hooks/use-rule-change';
import { useRules } from '../hooks/use-rules';
import frame from './administration.module.css';
import { Bones } from './bones';
import { RuleChangePanel } from './rule-change-panel';
import { RuleSwitch } from './rule-switch';

function Facts({ rule }: { rule: Rule }) {
  const t = useTexts();
  const health = healths[healthOf(rule)];
  const facts = [
    [t('admin.rule.kind'), t(`admin.rule.kind.${rule.kind}`)],
    [t('admin.rule.health'), <Badge key="health" color={health.color} label={t(health.label)} />],
    [t('admin.rule.runs'), formatNumber(rule.runs, t.language)],
    [t('admin.rule.refusals'), formatNumber(rule.refusals, t.language)],
    [t('admin.rule.failures'), formatNumber(rule.failures, t.language)],
    [t('admin.rule.slow'), formatNumber(rule.slow, t.language)],
    [t('admin.rule.lastRun'), rule.lastRunAt ? formatDateTime(rule.lastRunAt, t.language) : '–'],
    [t('admin.rule.package'), rule.package],
    [t('admin.rule.file'), rule.file],
  ] as const;
  return (
    <dl className={styles.facts}>
      {facts.map(([label, value]) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function Links({ rule }: { rule: Rule }) {
  const t = useTexts();
  const script = rule.file.replace(/^rules\//, '');
  return rule.kind === 'decision' ? (
    <Anchor component={Link} to={ruleBuilderPath(rule.entity, rule.package, rule.name)}>
      {t('admin.rule.edit')}
    </Anchor>
  ) : (
    <>
      <Anchor component={Link} to={scriptPath(rule.package, script)}>
        {t('admin.rule.edit')}
      </Anchor>
      <Anchor component={Link} to={usesPath({ script })}>
        {t('admin.uses')}
      </Anchor>
    </>
  );
}

function Content({ rule }: { rule: Rule }) {
  const t = useTexts();
  const change = useRuleChange(rule);
  return (
    <div className={styles.page}>
      <section className={styles.section} aria-label={t('admin.rule.facts')}>
        <Facts rule={rule} />
        {rule.lastFailure ? <p className={styles.error}>{t('admin.rule.failure.note', { at: formatDateTime(rule.lastFailure.at, t.language), message: rule.lastFailure.message })}</p> : null}
        {rule.off ? <p className={styles.hint}>{t('admin.rule.off.note', { by: rule.off.by ?? '–', at: formatDateTime(rule.off.at, t.language), reason: rule.off.reason })}</p> : null}
        <Links rule={rule} />
      </section>
      {rule.kind === 'decision' || rule.kind === 'form' ? null : <RuleChangePanel change={change} hasCondition={rule.kind === 'script'} />}
      {'rule' in change.change ? <RuleTrial entity={rule.entity} change={change.change} on={rule.on} isAfter={rule.isAfter ?? false} /> : rule.kind === 'form' ? null : <TracePanel entity={rule.entity} change={change.change} on={[]} record="" />}
    </div>
  );
}

/** One rule: what it did, what it would do, and its switch. */
export function RulePage() {
  const t = useTexts();
  const { kind, entity, rule: name } = useParams();
  const { rules, switchRule, isSwitching } = useRules();
  const [asking, setAsking] = useState(false);
  // As it was when the question was asked: the dialog must not turn into the opposite while it closes.
  const [asked, setAsked] = useState<Rule | null>(null);
  const rule = rules.data?.find((each) => each.kind === kind && (each.entity || noEntity) === entity && each.name === name);
  const title = rule ? rule.entityLabel ? t('admin.rule.title', { entity: rule.entityLabel, rule: rule.label }) : rule.label : t('admin.rule');
  usePageTitle(title);
  const off = rule !== undefined && !rule.off;
  return (
    <>
      <PageHeader
        actions={
          rule ? (
            <Button variant="default" loading={isSwitching} onClick={() => {
                setAsked(rule);
                setAsking(true);
              }}>
              {t(off ? 'admin.rule.switchOff' : 'admin.rule.switchOn')}
            </Button>
          ) : null
        }
      >
        <h1 className={frame.title}>{title}</h1>
      </PageHeader>
      {rule ? <Content key={`${rule.kind} ${rule.entity}.${rule.name}`} rule={rule} /> : rules.data || rules.isError ? <Message icon="missing" title={t('rule.missing')} /> : <Bones />}
      {asked ? (
        <RuleSwitch
          rule={asked}
          opened={asking}
          onClose={() => setAsking(false)}
          onSwitch={async (reason) => {
            await switchRule({ rule: asked, off: !asked.off, reason });
            setAsking(false);
          }}
        />
      ) : null}
    </>
  );
}
