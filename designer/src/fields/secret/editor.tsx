import { Button, Input, PasswordInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useApi } from '@/api/api-context';
import { failureText } from '@/api/failure-text';
import { revealSecret } from '@/api/records';
import { useTexts } from '@/lib/i18n/text';
import { FieldLabel } from '../field-label';
import { columnOf, isEmpty, type EditorProps } from '../field-ui';
import { frameOf } from '../frame';
import styles from './secret.module.css';

/** A secret: told when somebody asks for it, changed without being told. */
export function SecretEditor(editor: EditorProps) {
  const { entity, field, values, id, error, required, readOnly, compact, onChange } = editor;
  const t = useTexts();
  const api = useApi();
  const column = columnOf(field);
  const typed = values[field.name];
  const [change, setChange] = useState<{ version: unknown } | null>(null);
  const [before, setBefore] = useState<unknown>(null);
  // A save ends it: what was typed is stored, and the record has a new version.
  const isChanging = change !== null && change.version === values['version'];
  const reveal = useMutation({ mutationFn: () => revealSecret(api, entity.plural, String(values['id']), field.name), gcTime: 0 });
  const isStored = !isEmpty(values[column]) && typed === undefined;
  const shown = reveal.data;

  if (!readOnly && (isChanging || typeof typed === 'string' || (isEmpty(values[column]) && !values['id'])))
    return (
      <PasswordInput
        {...frameOf(editor)}
        autoFocus={isChanging}
        autoComplete="new-password"
        maxLength={field.maxLength ?? undefined}
        visibilityToggleButtonProps={{ 'aria-label': t('password.show') }}
        value={typeof typed === 'string' ? typed : ''}
        onChange={(event) => onChange(event.currentTarget.value ? { [field.name]: event.currentTarget.value, [column]: new Date().toISOString() } : { [field.name]: undefined, [column]: before })}
        onBlur={() => setChange(null)}
      />
    );
  return (
    <Input.Wrapper label={compact ? undefined : <FieldLabel field={field} />} labelElement="div" withAsterisk={required && !compact} error={error ?? (reveal.error ? failureText(t, reveal.error) : undefined)}>
      <div
        id={id}
        ref={(box) => {
          // In place of the input that had the focus when the record was saved.
          if (change !== null && document.activeElement === document.body) box?.focus();
        }}
        onFocus={() => setChange(null)}
        tabIndex={-1}
        role="group"
        aria-label={field.label}
        className={styles.box}
      >
        <span className={styles.value} aria-live="polite" data-shown={shown !== undefined || undefined}>
          {shown ?? (isStored ? <span aria-label={t('secret.hidden')} role="img">••••••</span> : <span className={styles.none}>{t('secret.none')}</span>)}
        </span>
        <span className={styles.buttons}>
          {isStored && values['id'] ? (
            <Button size="compact-xs" variant="subtle" loading={reveal.isPending} onClick={() => (shown === undefined ? reveal.mutate() : reveal.reset())}>
              {t(shown === undefined ? 'secret.reveal' : 'secret.hide')}
            </Button>
          ) : null}
          {readOnly ? null : (
            <Button
              size="compact-xs"
              variant="subtle"
              color="gray"
              onClick={() => {
                reveal.reset();
                setBefore(values[column]);
                setChange({ version: values['version'] });
              }}
            >
              {t(isStored ? 'secret.change' : 'secret.enter')}
            </Button>
          )}
          {!readOnly && isStored && !required ? (
            <Button size="compact-xs" variant="subtle" color="gray" onClick={() => onChange({ [column]: null })}>
              {t('secret.remove')}
            </Button>
          ) : null}
        </span>
      </div>
    </Input.Wrapper>
  );
}
