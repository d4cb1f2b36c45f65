import { Alert, Button, Checkbox, Modal, MultiSelect, Select, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { useApi } from '@/api/api-context';
import { useModel } from '@/api/application-model';
import { issueToken, tokensQuery, type WantedToken } from '@/api/credentials';
import { failureText } from '@/api/failure-text';
import { useTexts } from '@/lib/i18n/text';
import styles from './credentials.module.css';
import { ShownSecret } from './shown-secret';

interface TokenDialogProps {
  /** The service account; one's own token where missing. */
  userId?: string | undefined;
  onClose(): void;
}

const first: WantedToken = { name: '', days: 90, access: 'read', entities: [], administration: false };

/** Makes an access token, and shows it once. */
export function TokenDialog({ userId, onClose }: TokenDialogProps) {
  const t = useTexts();
  const api = useApi();
  const queries = useQueryClient();
  const model = useModel().source;
  const [wanted, setWanted] = useState(first);
  const change = (part: Partial<WantedToken>) => setWanted({ ...wanted, ...part });
  const issue = useMutation({
    mutationFn: () => issueToken(api, userId, wanted),
    onSuccess: () => queries.invalidateQueries({ queryKey: tokensQuery(api, userId).queryKey }),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    issue.mutate();
  };
  return (
    <Modal opened onClose={onClose} title={t('identity.token.new')} closeOnClickOutside={!issue.data} closeButtonProps={{ 'aria-label': t('common.close') }}>
      {issue.data ? (
        <div className={styles.form}>
          <ShownSecret text={issue.data} note={t('identity.token.once')} />
          <Button size="sm" onClick={onClose}>
            {t('identity.done')}
          </Button>
        </div>
      ) : (
        <form className={styles.form} onSubmit={submit}>
          {issue.error ? (
            <Alert color="red" variant="light" p="xs" role="alert">
              {failureText(t, issue.error)}
            </Alert>
          ) : null}
          <TextInput label={t('identity.name')} description={t('identity.token.name.text')} required data-autofocus value={wanted.name} onChange={(event) => change({ name: event.currentTarget.value })} />
          <Select
            label={t('identity.token.days')}
            allowDeselect={false}
            data={[7, 30, 90, 180, 365].map((days) => ({ value: String(days), label: t('identity.token.days.of', { count: days }) }))}
            value={String(wanted.days)}
            onChange={(days) => change({ days: Number(days) })}
          />
          <Select
            label={t('identity.token.access')}
            allowDeselect={false}
            data={[
              { value: 'read', label: t('identity.token.read') },
              { value: 'write', label: t('identity.token.write') },
            ]}
            value={wanted.access}
            onChange={(access) => change({ access: access === 'write' ? 'write' : 'read' })}
          />
          <MultiSelect
            label={t('identity.token.entities')}
            placeholder={wanted.entities.length ? '' : t('identity.token.entities.all')}
            searchable
            data={model.entities.map((entity) => ({ value: entity.name, label: entity.pluralLabel }))}
            value={wanted.entities}
            onChange={(entities) => change({ entities })}
          />
          {model.user.isAdministrator ? (
            <Checkbox label={t('identity.token.administration')} checked={wanted.administration} onChange={(event) => change({ administration: event.currentTarget.checked })} />
          ) : null}
          <Button type="submit" size="sm" loading={issue.isPending}>
            {t('identity.token.make')}
          </Button>
        </form>
      )}
    </Modal>
  );
}
