import { Center, Loader } from '@mantine/core';
import { useTexts } from '@/lib/i18n/text';

/** Fills the page while the application starts. */
export function Splash() {
  const t = useTexts();
  return (
    <Center h="100%" role="status" aria-label={t('app.loading')}>
      <Loader size="sm" color="gray" />
    </Center>
  );
}
