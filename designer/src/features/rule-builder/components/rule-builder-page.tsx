import { Select } from '@mantine/core';
import { useNavigate, useParams } from 'react-router';
import { useModel } from '@/api/application-model';
import type { Entity } from '@/api/model';
import { useTexts } from '@/lib/i18n/text';
import { newRule, ruleBuilderPath } from '@/lib/paths';
import { Message } from '@/ui/message';
import { PageHeader } from '@/ui/page-header';
import { usePageTitle } from '@/ui/page-title';
import { useRuleFiles } from '../hooks/use-entity-rules';
import { RuleEditor } from './rule-editor';
import { RuleList } from './rule-list';
import styles from './rule-builder.module.css';

function Content({ entity, packageName, ruleName }: { entity: Entity; packageName: string | undefined; ruleName: string | undefined }) {
  const t = useTexts();
  const files = useRuleFiles(entity.name);
  if (files.isError) return <Message icon="alert" title={t('list.failed')} text={files.error.message} action={{ label: t('common.retry'), onClick: () => void files.refetch() }} />;
  if (!files.data) return <div className={styles.editor} aria-busy />;
  const file = files.data.find((each) => each.package === packageName);
  const rule = file?.rules.find((each) => each.name === ruleName);
  if (!file || !ruleName) return <RuleList entity={entity} files={files.data} />;
  if (!rule && ruleName !== newRule) return <Message icon="missing" title={t('rule.missing')} />;
  if (rule?.script) return <RuleList entity={entity} files={files.data} />;
  return <RuleEditor key={`${file.package}/${ruleName}`} entity={entity} files={files.data} file={file} rule={rule} />;
}

/** Rules without scripts, by entity. */
export function RuleBuilderPage() {
  const t = useTexts();
  const model = useModel();
  const navigate = useNavigate();
  const { entity: entityName, package: packageName, rule: ruleName } = useParams();
  const entity = model.entity(entityName);
  const title = entity ? t('rule.list', { name: entity.label }) : t('rule.builder');
  usePageTitle(title);
  const entities = model.source.entities.map((each) => ({ value: each.name, label: each.pluralLabel })).sort((one, other) => one.label.localeCompare(other.label, t.language));
  return (
    <>
      <PageHeader
        actions={
          <Select
            aria-label={t('rule.entity')}
            placeholder={t('rule.entity')}
            data={entities}
            value={entity?.name ?? null}
            searchable
            allowDeselect={false}
            onChange={(name) => name && void navigate(ruleBuilderPath(name))}
          />
        }
      >
        <h1 className={styles.title}>{title}</h1>
      </PageHeader>
      <div className={styles.scroll}>{entity ? <Content key={entity.name} entity={entity} packageName={packageName} ruleName={ruleName} /> : <Message icon="empty" title={t('rule.choose')} text={t('rule.choose.text')} />}</div>
    </>
  );
}
