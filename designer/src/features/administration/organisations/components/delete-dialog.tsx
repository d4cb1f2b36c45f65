import { Button, Modal, TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { useTexts } from '@/lib/i18n/text';
import type { Organisation } from '../api/organisations';
import styles from './organisations.module.css';

interface DeleteDialogProps {
  organisation: Organisation;
  onConfirmed(): void;
  onClose(): void;
}

/** Has the name typed once more before an organisation goes. */
export function DeleteDialog({ organisation: { name, displayName }, onConfirmed, onClose }: DeleteDialogProps) {
  const t = useTexts();
  const [typed, setTyped] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (typed === name) onConfirmed();
  };
  return (
    <Modal opened onClose={onClose} title={t('organisation.ask.delete', { name: displayName })} closeButtonProps={{ 'aria-label': t('common.close') }}>
      <form className={styles.form} onSubmit={submit}>
        <div className={styles.part}>
          <p>{t('organisation.ask.delete.text')}</p>
        </div>
        <TextInput label={t('organisation.confirm', { name })} data-autofocus autoCapitalize="none" autoComplete="off" value={typed} onChange={(event) => setTyped(event.currentTarget.value)} />
        <Button type="submit" size="sm" color="red" disabled={typed !== name}>
          {t('organisation.delete')}
        </Button>
      </form>
    </Modal>
  );
}
