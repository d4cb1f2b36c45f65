import { Button, Group, Modal, Text } from '@mantine/core';
import { useTexts } from '@/lib/i18n/text';

interface Answer {
  label: string;
  color?: string;
  variant?: string;
  /** Has the focus when the question appears. */
  safe?: boolean;
  onClick(): void;
}

interface QuestionProps {
  opened: boolean;
  title: string;
  text: string;
  answers: Answer[];
  onClose(): void;
}

/** Asks before something happens that cannot be taken back. */
export function Question({ opened, title, text, answers, onClose }: QuestionProps) {
  const t = useTexts();
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={title}
      closeButtonProps={{ 'aria-label': t('common.close') }}
      styles={{ title: { fontWeight: 600, fontSize: 'var(--x-size-large)' } }}
    >
      <Text size="sm" c="var(--x-soft)" style={{ overflowWrap: 'anywhere' }}>
        {text}
      </Text>
      <Group justify="flex-end" gap="xs" mt="lg">
        {answers.map(({ label, color, variant, safe, onClick }) => (
          <Button key={label} size="sm" variant={variant ?? 'default'} {...(color ? { color } : {})} data-autofocus={safe || undefined} onClick={onClick}>
            {label}
          </Button>
        ))}
      </Group>
    </Modal>
  );
}
