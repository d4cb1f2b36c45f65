import { Alert, Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { ApiError } from '@/api/client';
import type { Action, Entity } from '@/api/model';
import type { RecordValues } from '@/api/records';
import { FieldControl } from '@/fields/field-control';
import { columnOf } from '@/fields/field-ui';
import { useTexts } from '@/lib/i18n/text';
import { firstValues, missingOf, parameterField, parametersOf } from '../hooks/parameters';

interface ActionDialogProps {
  entity: Entity;
  action: Action;
  onClose(): void;
  /** Runs the action; what is refused can be corrected here. */
  onRun(parameters: RecordValues): Promise<void>;
}

/** Asks for what an action needs to know. */
export function ActionDialog({ entity, action, onClose, onRun }: ActionDialogProps) {
  const t = useTexts();
  const [values, setValues] = useState<RecordValues>(() => firstValues(action));
  const [errors, setErrors] = useState<Record<string, string>>({});
  const [refusal, setRefusal] = useState('');
  const [running, setRunning] = useState(false);

  const refuse = (error: unknown) => {
    const found = error instanceof ApiError ? error.errors.filter((each) => action.parameters.some((parameter) => parameter.name === each.field)) : [];
    setErrors(Object.fromEntries(found.map((each) => [each.field ?? '', each.message])));
    const others = error instanceof ApiError ? error.errors.filter((each) => !found.includes(each)).map((each) => each.message) : [];
    const message = error instanceof ApiError && error.status === 0 ? t('error.network') : error instanceof Error ? error.message : String(error);
    setRefusal(found.length > 0 ? others.join(' ') : others.join(' ') || message);
  };
  const run = async () => {
    const missing = missingOf(action, values);
    setErrors(Object.fromEntries(missing.map((parameter) => [parameter.name, t('field.required', { field: parameter.label })])));
    setRefusal('');
    if (missing.length > 0) return;
    setRunning(true);
    try {
      await onRun(parametersOf(action, values));
      onClose();
    } catch (error) {
      refuse(error);
    } finally {
      setRunning(false);
    }
  };

  return (
    <Modal opened onClose={onClose} title={action.label} closeButtonProps={{ 'aria-label': t('common.close') }} styles={{ title: { fontWeight: 600, fontSize: 'var(--x-size-large)' } }}>
      {/* Not a form of its own: the dialog stands inside the record's form, whose submission would save the record. */}
      <div
        role="group"
        aria-label={action.label}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && event.target instanceof HTMLInputElement && !event.defaultPrevented) void run();
        }}
      >
        <Stack gap="md">
          {action.description ? <Text size="sm" c="var(--x-soft)">{action.description}</Text> : null}
          {refusal ? <Alert color="red" role="alert">{refusal}</Alert> : null}
          {action.parameters.map((parameter, index) => {
            const field = parameterField(parameter);
            return (
              <FieldControl
                key={parameter.name}
                entity={entity}
                field={field}
                values={values}
                onChange={(changes) => setValues((before) => ({ ...before, ...changes }))}
                id={`parameter-${columnOf(field)}`}
                required={parameter.required}
                readOnly={running}
                error={errors[parameter.name]}
                autoFocus={index === 0}
              />
            );
          })}
        </Stack>
        <Group justify="flex-end" gap="xs" mt="lg">
          <Button size="sm" variant="default" onClick={onClose}>
            {t('common.cancel')}
          </Button>
          <Button size="sm" variant="filled" loading={running} onClick={() => void run()}>
            {action.label}
          </Button>
        </Group>
      </div>
    </Modal>
  );
}
