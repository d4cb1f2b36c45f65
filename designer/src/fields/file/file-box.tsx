import { ActionIcon, Button, FileButton, Input, Loader } from '@mantine/core';
import { IconPaperclip, IconUpload, IconX } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useState, type DragEvent } from 'react';
import { useApi } from '@/api/api-context';
import { fileOf, uploadFile } from '@/api/files';
import { useTexts } from '@/lib/i18n/text';
import { FieldLabel } from '../field-label';
import type { EditorProps } from '../field-ui';
import styles from './file.module.css';
import { FileLink } from './file-link';

interface FileBoxProps {
  editor: EditorProps;
  /** The files as the record has them. */
  values: unknown[];
  several: boolean;
  onChange(values: unknown[]): void;
}

/** Stored files, and a place to drop others. */
export function FileBox({ editor, values, several, onChange }: FileBoxProps) {
  const t = useTexts();
  const api = useApi();
  const files = values.map(fileOf).filter((file) => file !== undefined);
  const [over, setOver] = useState(false);
  const upload = useMutation({
    mutationFn: (picked: File[]) => Promise.all(picked.map((file) => uploadFile(api, file))),
    onSuccess: (stored) => onChange(several ? [...files, ...stored] : stored.slice(0, 1)),
  });
  const take = (picked: File[]) => picked.length > 0 && upload.mutate(several ? picked : picked.slice(0, 1));
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    take([...event.dataTransfer.files]);
  };
  const { field, id, error, required, readOnly, compact } = editor;
  return (
    <Input.Wrapper label={compact ? undefined : <FieldLabel field={field} />} labelElement="div" withAsterisk={required && !compact} error={error ?? upload.error?.message}>
      <div
        id={id}
        tabIndex={-1}
        role="group"
        aria-label={field.label}
        className={styles.box}
        data-over={over || undefined}
        onDragOver={(event) => {
          if (readOnly) return;
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={readOnly ? undefined : drop}
      >
        {files.map((file) => (
          <span key={file.id} className={styles.file}>
            <IconPaperclip size={14} aria-hidden />
            <FileLink id={file.id} name={file.name} />
            {readOnly ? null : (
              <ActionIcon size={24} aria-label={t('file.remove')} onClick={() => onChange(files.filter((other) => other !== file))}>
                <IconX size={12} />
              </ActionIcon>
            )}
          </span>
        ))}
        {readOnly || (!several && files.length > 0) ? null : (
          <FileButton multiple={several} onChange={(picked: File | File[] | null) => take(picked === null ? [] : [picked].flat())}>
            {(button) => (
              <Button {...button} size="compact-xs" variant="subtle" color="gray" leftSection={upload.isPending ? <Loader size={12} /> : <IconUpload size={13} aria-hidden />}>
                {t('file.add')}
              </Button>
            )}
          </FileButton>
        )}
      </div>
    </Input.Wrapper>
  );
}
