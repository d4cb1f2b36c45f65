import { useNavigate } from 'react-router';
import { useTexts } from '@/lib/i18n/text';
import { Message } from '@/ui/message';

/** Stands where an address leads nowhere. */
export function NotFound() {
  const t = useTexts();
  const navigate = useNavigate();
  return (
    <Message
      icon="missing"
      title={t('missing.title')}
      text={t('missing.text')}
      action={{ label: t('missing.home'), onClick: () => void navigate('/') }}
    />
  );
}
