import { Alert, Button, Modal, MultiSelect, SegmentedControl, Select, TagsInput, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { useApi } from '@/api/api-context';
import { failureText } from '@/api/failure-text';
import { useTexts } from '@/lib/i18n/text';
import { createOrganisation, templatesQuery, type Organisation } from '../api/organisations';
import styles from './organisations.module.css';

/** A name for the schema that follows from what people call the organisation. */
function keyOf(displayName: string): string {
  return displayName
    .toLowerCase()
    .replace(/ä/g, 'ae')
    .replace(/ö/g, 'oe')
    .replace(/ü/g, 'ue')
    .replace(/ß/g, 'ss')
    .normalize('NFD')
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^[^a-z]+|_+$/g, '')
    .slice(0, 40);
}

const nothing = { displayName: '', name: null as string | null, hostNames: [] as string[], kind: 'packages' as 'packages' | 'organisation', packages: [] as string[], organisation: null as string | null };

/** Makes an organisation from packages of the server, or as another one is. */
export function NewOrganisationDialog({ organisations, onClose }: { organisations: Organisation[]; onClose(): void }) {
  const t = useTexts();
  const api = useApi();
  const queries = useQueryClient();
  const templates = useQuery(templatesQuery(api));
  const [wanted, setWanted] = useState(nothing);
  const change = (part: Partial<typeof nothing>) => setWanted({ ...wanted, ...part });
  const name = wanted.name ?? keyOf(wanted.displayName);
  const make = useMutation({
    mutationFn: () =>
      createOrganisation(api, {
        name,
        displayName: wanted.displayName,
        hostNames: wanted.hostNames,
        template: wanted.kind === 'organisation' && wanted.organisation ? { organisation: wanted.organisation } : { packages: wanted.packages },
      }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['organisations'] });
      onClose();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    make.mutate();
  };
  return (
    <Modal opened onClose={onClose} title={t('organisation.new')} closeButtonProps={{ 'aria-label': t('common.close') }}>
      <form className={styles.form} onSubmit={submit}>
        {make.error ? (
          <Alert color="red" variant="light" p="xs" role="alert">
            {failureText(t, make.error)}
          </Alert>
        ) : null}
        <TextInput label={t('identity.name')} required data-autofocus maxLength={120} value={wanted.displayName} onChange={(event) => change({ displayName: event.currentTarget.value })} />
        <TextInput label={t('organisation.key')} description={t('organisation.key.text')} required autoCapitalize="none" maxLength={40} pattern="[a-z][a-z0-9_]*" value={name} onChange={(event) => change({ name: event.currentTarget.value })} />
        <SegmentedControl
          aria-label={t('organisation.template')}
          data={[
            { value: 'packages', label: t('organisation.template.packages') },
            { value: 'organisation', label: t('organisation.template.organisation') },
          ]}
          value={wanted.kind}
          onChange={(kind) => change({ kind: kind as typeof wanted.kind })}
        />
        {wanted.kind === 'packages' ? (
          <MultiSelect
            label={t('organisation.packages')}
            description={t('organisation.packages.text')}
            searchable
            data={templates.data?.map((each) => ({ value: each.name, label: each.label })) ?? []}
            value={wanted.packages}
            onChange={(packages) => change({ packages })}
          />
        ) : (
          <Select
            label={t('organisation.organisation')}
            description={t('organisation.like.text')}
            required
            data={organisations.filter(({ state }) => state === 'active').map((each) => ({ value: each.name, label: each.displayName }))}
            value={wanted.organisation}
            onChange={(organisation) => change({ organisation })}
          />
        )}
        <TagsInput label={t('organisation.hosts')} description={t('organisation.hosts.text')} value={wanted.hostNames} onChange={(hostNames) => change({ hostNames })} />
        <Button type="submit" size="sm" loading={make.isPending}>
          {t('organisation.make')}
        </Button>
      </form>
    </Modal>
  );
}
