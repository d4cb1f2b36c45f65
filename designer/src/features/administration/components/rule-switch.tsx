import { Button, Group, Modal, Textarea } from '@mantine/core';
import { useState } from 'react';
import { useTexts } from '@/lib/i18n/text';
import styles from '@/trial/components/trial.module.css';
import type { Rule } from '../api/rules';

interface RuleSwitchProps {
  rule: Rule;
  opened: boolean;
  onClose(): void;
  onSwitch(reason: string): Promise<void>;
}

function Reason({ rule, onClose, onSwitch }: Omit<RuleSwitchProps, 'opened'>) {
  const t = useTexts();
  const [reason, setReason] = useState('');
  const [isMissing, setMissing] = useState(false);
  const [busy, setBusy] = useState(false);
  const submit = async () => {
    if (!reason.trim()) {
      setMissing(true);
      return;
    }
    setBusy(true);
    // What went wrong was said already; the reason stays for another try.
    await onSwitch(reason).catch(() => undefined);
    setBusy(false);
  };
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <p className={styles.hint}>{t(rule.off ? 'admin.rule.switchOn.text' : 'admin.rule.switchOff.text')}</p>
      <Textarea
        mt="sm"
        label={t('admin.rule.reason')}
        description={t('admin.rule.reason.text')}
        required
        rows={3}
        maxLength={1000}
        data-autofocus
        value={reason}
        error={isMissing ? t('admin.rule.reason.missing') : null}
        onChange={(event) => {
          setReason(event.currentTarget.value);
          setMissing(false);
        }}
      />
      <Group justify="flex-end" gap="xs" mt="lg">
        <Button variant="default" onClick={onClose}>
          {t('common.cancel')}
        </Button>
        <Button type="submit" loading={busy}>
          {t(rule.off ? 'admin.rule.switchOn' : 'admin.rule.switchOff')}
        </Button>
      </Group>
    </form>
  );
}

/** Asks why a rule is to be switched. */
export function RuleSwitch({ opened, ...rest }: RuleSwitchProps) {
  const t = useTexts();
  const { rule, onClose } = rest;
  return (
    <Modal opened={opened} onClose={onClose} title={t(rule.off ? 'admin.rule.switchOn.title' : 'admin.rule.switchOff.title', { rule: rule.label })} closeButtonProps={{ 'aria-label': t('common.close') }}>
      <Reason {...rest} />
    </Modal>
  );
}
