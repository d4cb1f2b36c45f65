import { Button, Group, Modal, MultiSelect, Select, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { useApi } from '@/api/api-context';
import { useModel } from '@/api/application-model';
import { ruleFilesQuery, type RuleFile } from '@/api/packages';
import { useTexts } from '@/lib/i18n/text';
import { nameFrom } from '@/lib/names';
import { scriptPath } from '@/lib/paths';
import { writeDraft, type NewScript, type ScriptPlace } from '../hooks/drafts';
import { firstText } from '../hooks/new-files';
import styles from './scripts.module.css';

const kinds = ['rule', 'action', 'form'] as const;
const events = ['create', 'update', 'delete'] as const;

interface NewScriptDialogProps {
  opened: boolean;
  /** Scripts that are there already. */
  taken: ScriptPlace[];
  onClose(): void;
}

function formScriptIn(file: RuleFile): string | undefined {
  return (JSON.parse(file.text) as { formScript?: string }).formScript;
}

function Fields({ taken }: Pick<NewScriptDialogProps, 'taken'>) {
  const t = useTexts();
  const api = useApi();
  const model = useModel();
  const navigate = useNavigate();
  const [kind, setKind] = useState<NewScript['kind']>('rule');
  const [entity, setEntity] = useState<string | null>(null);
  const [label, setLabel] = useState('');
  const [on, setOn] = useState<string[]>(['create', 'update']);
  const [packageName, setPackage] = useState<string | null>(null);
  const files = useQuery({ ...ruleFilesQuery(api, entity ?? '', model.source.version), enabled: entity !== null });
  const file = files.data?.find((each) => each.package === packageName) ?? files.data?.[0];
  const formScript = kind === 'form' && file ? formScriptIn(file) : undefined;
  const entities = model.source.entities.map((each) => ({ value: each.name, label: each.label })).sort((one, other) => one.label.localeCompare(other.label, t.language));
  const isDone = entity !== null && file !== undefined && !formScript && (kind === 'form' || label.trim() !== '') && (kind !== 'rule' || on.length > 0);

  const start = () => {
    if (!isDone) return;
    const used = kind === 'action' ? model.source.entities.flatMap((each) => each.actions.map(({ name }) => name)) : (files.data ?? []).flatMap((each) => each.rules.map(({ name }) => name));
    const name = kind === 'form' ? 'form' : nameFrom(label, used);
    const isTaken = (wanted: string) => taken.some((each) => each.package === file.package && each.file.replace(/\.\w+$/, '') === wanted);
    let stem = `${entity}.${name}`;
    for (let number = 2; isTaken(stem); number++) stem = `${entity}.${name}_${number}`;
    const place = { package: file.package, file: `${stem}.ts` };
    const created: NewScript = { kind, entity, path: file.path, name, label: label.trim(), on };
    writeDraft(place, { text: firstText(created), base: null, at: Date.now(), created });
    void navigate(scriptPath(place.package, place.file));
  };
  return (
    <form
      className={styles.fields}
      onSubmit={(event) => {
        event.preventDefault();
        start();
      }}
    >
      <Select label={t('scripts.new.kind')} data={kinds.map((each) => ({ value: each, label: t(`scripts.kind.${each}`) }))} value={kind} allowDeselect={false} onChange={(value) => setKind((value ?? 'rule') as NewScript['kind'])} />
      <Select label={t('rule.entity')} data={entities} value={entity} searchable allowDeselect={false} onChange={setEntity} error={formScript ? t('scripts.new.taken', { file: formScript }) : null} />
      {kind === 'form' ? null : <TextInput label={t('scripts.new.name')} value={label} maxLength={100} onChange={(event) => setLabel(event.currentTarget.value)} />}
      {kind === 'rule' ? <MultiSelect label={t('rule.on')} data={events.map((each) => ({ value: each, label: t(`rule.on.${each}`) }))} value={on} onChange={setOn} /> : null}
      {(files.data?.length ?? 0) > 1 ? <Select label={t('rule.package')} data={files.data?.map((each) => each.package) ?? []} value={file?.package ?? null} allowDeselect={false} onChange={setPackage} /> : null}
      <Group justify="flex-end" mt="sm">
        <Button type="submit" disabled={!isDone}>
          {t('scripts.new.start')}
        </Button>
      </Group>
    </form>
  );
}

/** Asks what a new script is for. It comes to be when it is published. */
export function NewScriptDialog({ opened, taken, onClose }: NewScriptDialogProps) {
  const t = useTexts();
  return (
    <Modal opened={opened} onClose={onClose} title={t('scripts.new')} closeButtonProps={{ 'aria-label': t('common.close') }}>
      <Fields taken={taken} />
    </Modal>
  );
}
