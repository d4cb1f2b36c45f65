import type { Entity } from '@/api/model';
import { useTexts } from '@/lib/i18n/text';
import { Question } from '@/ui/question';

interface DeleteDialogProps {
  entity: Entity;
  title: string;
  opened: boolean;
  onClose(): void;
  onConfirm(): void;
}

/** Asks before a record is deleted. */
export function DeleteDialog({ entity, title, opened, onClose, onConfirm }: DeleteDialogProps) {
  const t = useTexts();
  const confirm = () => {
    onClose();
    onConfirm();
  };
  return (
    <Question
      opened={opened}
      onClose={onClose}
      title={t('delete.title', { name: entity.label })}
      text={t(entity.features.includes('recycleBin') ? 'delete.bin' : 'delete.text', { title })}
      answers={[
        { label: t('common.cancel'), safe: true, onClick: onClose },
        { label: t('common.delete'), variant: 'filled', color: 'red', onClick: confirm },
      ]}
    />
  );
}
