import { useTexts } from '@/lib/i18n/text';
import { isEmpty, valueOf, type CellProps } from '../field-ui';

/** Says that there is a secret, and nothing of it. */
export function SecretCell(props: CellProps) {
  const t = useTexts();
  return isEmpty(valueOf(props)) ? null : (
    <span role="img" aria-label={t('secret.hidden')}>
      ••••••
    </span>
  );
}
