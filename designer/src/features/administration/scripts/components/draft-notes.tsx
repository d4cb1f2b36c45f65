import { Button, Code, Modal } from '@mantine/core';
import { useState } from 'react';
import { formatDateTime } from '@/lib/format';
import { useTexts } from '@/lib/i18n/text';
import { Question } from '@/ui/question';
import type { Draft } from '../hooks/drafts';
import styles from './scripts.module.css';

interface DraftNotesProps {
  draft: Draft;
  /** The published text; null for a new script. */
  published: string | null;
  isKept: boolean;
  isRestored: boolean;
  hasConflict: boolean;
  onDiscard(): void;
  onTakeOver(): void;
}

function Conflict({ published, onDiscard, onTakeOver }: Pick<DraftNotesProps, 'published' | 'onDiscard' | 'onTakeOver'>) {
  const t = useTexts();
  const [shown, setShown] = useState(false);
  return (
    <div className={styles.note} data-kind="danger" role="alert">
      <p>{t('scripts.conflict')}</p>
      <div className={styles.bar}>
        <Button variant="default" onClick={() => setShown(true)}>
          {t('scripts.conflict.show')}
        </Button>
        <Button variant="default" onClick={onDiscard}>
          {t('scripts.conflict.theirs')}
        </Button>
        <Button variant="default" onClick={onTakeOver}>
          {t('scripts.conflict.mine')}
        </Button>
      </div>
      <Modal opened={shown} onClose={() => setShown(false)} size="xl" title={t('scripts.conflict.published')} closeButtonProps={{ 'aria-label': t('common.close') }}>
        <Code block>{published ?? ''}</Code>
      </Modal>
    </div>
  );
}

/** Says that a text is not published, and what became of it meanwhile. */
export function DraftNotes({ draft, published, isKept, isRestored, hasConflict, onDiscard, onTakeOver }: DraftNotesProps) {
  const t = useTexts();
  const [asking, setAsking] = useState(false);
  const text = !isKept ? t('scripts.draft.lost') : isRestored ? t('scripts.draft.restored', { at: formatDateTime(new Date(draft.at).toISOString(), t.language) }) : t('scripts.draft');
  return (
    <>
      {hasConflict ? <Conflict published={published} onDiscard={onDiscard} onTakeOver={onTakeOver} /> : null}
      <div className={styles.note} data-kind={isKept ? 'plain' : 'danger'}>
        <p>{text}</p>
        <Button variant="subtle" onClick={() => setAsking(true)}>
          {t('scripts.draft.discard')}
        </Button>
      </div>
      <Question
        opened={asking}
        title={t('scripts.draft.discard.title')}
        text={t(published === null ? 'scripts.draft.discard.new' : 'scripts.draft.discard.text')}
        onClose={() => setAsking(false)}
        answers={[
          { label: t('common.cancel'), safe: true, onClick: () => setAsking(false) },
          {
            label: t('scripts.draft.discard'),
            color: 'red',
            variant: 'filled',
            onClick: () => {
              setAsking(false);
              onDiscard();
            },
          },
        ]}
      />
    </>
  );
}
