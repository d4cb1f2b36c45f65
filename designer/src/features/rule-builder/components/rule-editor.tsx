import { Button, Group, MultiSelect, NumberInput, Select, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import type { Entity } from '@/api/model';
import { useTexts } from '@/lib/i18n/text';
import { ruleBuilderPath } from '@/lib/paths';
import { RuleTrial } from '@/trial/components/rule-trial';
import { Question } from '@/ui/question';
import type { RuleFile, RuleSource } from '@/api/packages';
import { usePublishRules } from '../hooks/use-publish-rules';
import { useRuleDraft } from '../hooks/use-rule-draft';
import { ActionList } from './action-list';
import { ConditionEditor } from './condition-editor';
import { ProblemList } from './problem-list';
import styles from './rule-builder.module.css';

interface RuleEditorProps {
  entity: Entity;
  files: RuleFile[];
  /** The file of the rule; for a new one the file that is proposed. */
  file: RuleFile;
  /** Missing for a new rule. */
  rule?: RuleSource | undefined;
}

/** A rule without a script, put together by clicks. Saving publishes it. */
export function RuleEditor({ entity, files, file: proposed, rule }: RuleEditorProps) {
  const t = useTexts();
  const navigate = useNavigate();
  const [file, setFile] = useState(proposed);
  const [deleting, setDeleting] = useState(false);
  const taken = files.flatMap((each) => each.rules.map(({ name }) => name));
  const { draft, change, isDone, source } = useRuleDraft(rule, taken);
  const { publish, isPublishing, problems } = usePublishRules(() => void navigate(ruleBuilderPath(entity.name)));
  const fields = entity.fields.filter((field) => !field.system).map((field) => ({ value: field.name, label: field.label }));
  const definition = isDone ? source() : null;
  const tried = definition && { rule: definition.name, definition };
  const save = () => {
    const saved = source();
    publish(file, rule ? file.rules.map((each) => (each.name === rule.name ? saved : each)) : [...file.rules, saved], t('rule.saved', { name: draft.label }));
  };
  return (
    <>
      <form
        className={styles.editor}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (isDone) save();
        }}
      >
        <ProblemList problems={problems} />
        <div className={styles.head}>
          <TextInput label={t('rule.label')} withAsterisk value={draft.label} maxLength={100} onChange={(event) => change({ label: event.currentTarget.value })} />
          {rule || files.length < 2 ? null : (
            <Select label={t('rule.package')} data={files.map((each) => each.package)} value={file.package} allowDeselect={false} onChange={(name) => setFile(files.find((each) => each.package === name) ?? file)} />
          )}
        </div>
        <fieldset className={styles.section}>
          <legend>{t('rule.when')}</legend>
          <ConditionEditor entity={entity} value={draft.when} onChange={(when) => change({ when })} />
        </fieldset>
        <fieldset className={styles.section}>
          <legend>{t('rule.then')}</legend>
          <ActionList entity={entity} actions={draft.then} onChange={(then) => change({ then })} />
        </fieldset>
        {draft.when.trim() ? (
          <fieldset className={styles.section}>
            <legend>{t('rule.else')}</legend>
            <ActionList entity={entity} actions={draft.else} onChange={(otherwise) => change({ else: otherwise })} />
          </fieldset>
        ) : null}
        <fieldset className={styles.section}>
          <legend>{t('rule.runs')}</legend>
          <div className={styles.head}>
            <MultiSelect label={t('rule.on')} data={(['create', 'update', 'delete'] as const).map((on) => ({ value: on, label: t(`rule.on.${on}`) }))} value={draft.on} onChange={(on) => change({ on })} />
            <MultiSelect label={t('rule.changed')} description={t('rule.changed.text')} data={fields} value={draft.fields} searchable onChange={(next) => change({ fields: next })} />
            <NumberInput label={t('rule.order')} description={t('rule.order.text')} value={draft.order} allowDecimal={false} onChange={(order) => change({ order: typeof order === 'number' ? order : 0 })} />
          </div>
        </fieldset>
        <Group gap="xs" className={styles.buttons}>
          <Button type="submit" disabled={!isDone} loading={isPublishing}>
            {t('rule.save')}
          </Button>
          <Button variant="default" onClick={() => void navigate(ruleBuilderPath(entity.name))}>
            {t('common.cancel')}
          </Button>
          {rule ? (
            <Button variant="subtle" color="red" onClick={() => setDeleting(true)}>
              {t('common.delete')}
            </Button>
          ) : null}
          {isDone ? null : <span className={styles.hint}>{t('rule.unfinished')}</span>}
        </Group>
        <Question
          opened={deleting}
          title={t('rule.delete.title', { name: draft.label })}
          text={t('rule.delete.text')}
          onClose={() => setDeleting(false)}
          answers={[
            { label: t('common.cancel'), safe: true, onClick: () => setDeleting(false) },
            {
              label: t('common.delete'),
              color: 'red',
              variant: 'filled',
              onClick: () => {
                setDeleting(false);
                publish(file, file.rules.filter((each) => each.name !== rule?.name), t('rule.deleted', { name: draft.label }));
              },
            },
          ]}
        />
      </form>
      <div className={styles.trial}>
        <p className={styles.hint}>{t(isDone ? 'rule.trial.text' : 'rule.unfinished')}</p>
        <RuleTrial entity={entity.name} change={tried} on={draft.on} />
      </div>
    </>
  );
}
