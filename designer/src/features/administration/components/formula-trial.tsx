import { Textarea } from '@mantine/core';
import { useState } from 'react';
import type { Entity } from '@/api/model';
import { useTexts } from '@/lib/i18n/text';
import { DryRunPanel } from '@/trial/components/dry-run-panel';
import styles from '@/trial/components/trial.module.css';

/** Tries another formula of a computed field on the records that are there. */
export function FormulaTrial({ entity, field, formula }: { entity: Entity; field: string; formula: string }) {
  const t = useTexts();
  const [text, setText] = useState(formula);
  const written = text.trim();
  return (
    <>
      <section className={styles.section} aria-labelledby="formula">
        <h2 className={styles.heading} id="formula">
          {t('admin.formula')}
        </h2>
        <p className={styles.hint}>{t('admin.formula.text')}</p>
        <Textarea
          label={t('admin.formula.label')}
          classNames={{ input: styles.code ?? '' }}
          spellCheck={false}
          resize="vertical"
          rows={3}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
      </section>
      <DryRunPanel entity={entity.name} change={written ? { field, formula: written } : null} />
    </>
  );
}
