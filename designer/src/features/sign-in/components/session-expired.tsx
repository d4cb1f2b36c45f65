import { Modal, Text } from '@mantine/core';
import { useTexts } from '@/lib/i18n/text';
import { SignInForm } from './sign-in-form';

interface SessionExpiredProps {
  userName: string;
  onSignedIn(): void;
}

/** Asks for the password again above the page, which keeps what was entered. */
export function SessionExpired({ userName, onSignedIn }: SessionExpiredProps) {
  const t = useTexts();
  return (
    <Modal
      opened
      onClose={() => undefined}
      title={t('signIn.expired.title')}
      withCloseButton={false}
      closeOnEscape={false}
      closeOnClickOutside={false}
    >
      <Text size="sm" c="dimmed" mb="md">
        {t('signIn.expired.text')}
      </Text>
      <SignInForm userName={userName} onSignedIn={onSignedIn} />
    </Modal>
  );
}
