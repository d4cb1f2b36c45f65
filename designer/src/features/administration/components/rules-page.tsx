import { Anchor, Button } from '@mantine/core';
import { Link } from 'react-router';
import { formatDateTime, formatNumber } from '@/lib/format';
import { useTexts, type Texts } from '@/lib/i18n/text';
import { administrationPath, ruleBuilderPath, rulePath } from '@/lib/paths';
import { Badge } from '@/ui/badge';
import { PageHeader } from '@/ui/page-header';
import { usePageTitle } from '@/ui/page-title';
import type { Rule } from '../api/rules';
import { byHealth, healthOf, healths } from '../hooks/rule-health';
import { useRules } from '../hooks/use-rules';
import frame from './administration.module.css';
import { ListFrame } from './list-frame';
import { WorkTable, type WorkColumn } from './work-table';

type Row = Rule & { id: string };

function time(value: number | undefined, t: Texts): string {
  return value === undefined ? '–' : t('admin.rule.milliseconds', { count: formatNumber(value, t.language, { least: 0, most: value < 10 ? 2 : 0 }) });
}

/** What runs in the browser is counted nowhere. */
function counted(rule: Rule, value: number, t: Texts): string {
  return rule.kind === 'form' ? '–' : formatNumber(value, t.language);
}

function useColumns(): WorkColumn<Row>[] {
  const t = useTexts();
  return [
    { label: t('admin.rule'), cell: (rule) => <Anchor inherit component={Link} to={rulePath(rule.kind, rule.entity, rule.name)}>{rule.label}</Anchor> },
    { label: t('admin.rule.kind'), width: 8.5, cell: (rule) => t(`admin.rule.kind.${rule.kind}`) },
    { label: t('admin.rule.entity'), width: 8, cell: (rule) => rule.entityLabel || '–' },
    { label: t('admin.rule.health'), width: 8, cell: (rule) => (rule.kind === 'form' && !rule.off ? '–' : <Badge color={healths[healthOf(rule)].color} label={t(healths[healthOf(rule)].label)} />) },
    { label: t('admin.rule.runs'), width: 4, cell: (rule) => counted(rule, rule.runs, t) },
    { label: t('admin.rule.refusals'), width: 5.5, cell: (rule) => counted(rule, rule.refusals, t) },
    { label: t('admin.rule.failures'), width: 4.5, cell: (rule) => counted(rule, rule.failures, t) },
    { label: t('admin.rule.mean'), width: 5, cell: (rule) => time(rule.meanMilliseconds, t) },
    { label: t('admin.rule.longest'), width: 5.5, cell: (rule) => time(rule.longestMilliseconds, t) },
  ];
}

/** What stands below a rule that needs attention. */
function noteOf(rule: Rule, t: Texts): string | null {
  if (rule.off) return t('admin.rule.off.note', { by: rule.off.by ?? '–', at: formatDateTime(rule.off.at, t.language), reason: rule.off.reason });
  return rule.lastFailure ? t('admin.rule.failure.note', { at: formatDateTime(rule.lastFailure.at, t.language), message: rule.lastFailure.message }) : null;
}

/** All rules: how often they ran, refused and failed, and how long they took. */
export function RulesPage() {
  const t = useTexts();
  const { rules } = useRules();
  const columns = useColumns();
  usePageTitle(t('admin.rules'));
  return (
    <>
      <PageHeader
        actions={
          <>
            <Button variant="default" component={Link} to={administrationPath('package-tests')}>
              {t('admin.tests')}
            </Button>
            <Button variant="default" component={Link} to={ruleBuilderPath()}>
              {t('rule.builder')}
            </Button>
          </>
        }
      >
        <h1 className={frame.title}>{t('admin.rules')}</h1>
      </PageHeader>
      <ListFrame query={rules} empty={{ title: t('admin.rules.none'), text: t('admin.rules.none.text') }}>
        <WorkTable
          label={t('admin.rules')}
          rows={rules.data && byHealth(rules.data).map((rule) => ({ ...rule, id: `${rule.kind} ${rule.entity}.${rule.name}` }))}
          columns={columns}
          errorOf={(rule) => noteOf(rule, t)}
        />
      </ListFrame>
    </>
  );
}
