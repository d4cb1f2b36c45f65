import { Checkbox } from '@mantine/core';
import { useTexts } from '@/lib/i18n/text';
import { shareRights, type ShareRight } from '../api/shares';
import styles from './access.module.css';

interface RightsChoiceProps {
  /** What can be given at all. */
  givable: readonly ShareRight[];
  value: readonly ShareRight[];
  disabled: boolean;
  error?: string | undefined;
  onChange(rights: ShareRight[]): void;
}

/** What a share lets somebody do, with what each right means. Who receives a share always sees the record. */
export function RightsChoice({ givable, value, disabled, error, onChange }: RightsChoiceProps) {
  const t = useTexts();
  return (
    <Checkbox.Group label={t('share.rights')} error={error} value={[...value]} onChange={(chosen) => onChange(shareRights.filter((right) => right === 'read' || chosen.includes(right)))}>
      <div className={styles.rights}>
        {shareRights.map((right) => (
          <Checkbox
            key={right}
            size="xs"
            value={right}
            label={t(`access.do.${right}`)}
            description={t(right !== 'read' && !givable.includes(right) ? 'share.right.lacking' : `share.right.${right}`)}
            disabled={disabled || right === 'read' || (!givable.includes(right) && !value.includes(right))}
          />
        ))}
      </div>
    </Checkbox.Group>
  );
}
