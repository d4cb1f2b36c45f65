import { Button } from '@mantine/core';
import { IconEye } from '@tabler/icons-react';
import { useModel } from '@/api/application-model';
import { failureText } from '@/api/failure-text';
import { useEndPreview } from '@/api/preview';
import { useTexts } from '@/lib/i18n/text';
import styles from './shell.module.css';

/** Says on every page that the application is seen as somebody else, and leads back. */
export function PreviewBanner() {
  const t = useTexts();
  const { preview } = useModel().source.user;
  const end = useEndPreview();
  if (!preview) return null;
  const roles = preview.roles.join(', ') || t('preview.noRoles');
  return (
    <section className={styles.preview} aria-label={t('preview.label')}>
      <IconEye size={17} stroke={1.8} aria-hidden />
      <p>
        <strong>{preview.person ? t('preview.as.person', { name: preview.person, roles }) : t('preview.as.roles', { roles })}</strong> {end.error ? failureText(t, end.error) : t('preview.readOnly')}
      </p>
      <Button variant="white" color="dark" loading={end.isPending || end.isSuccess} onClick={() => end.mutate()}>
        {t('preview.end')}
      </Button>
    </section>
  );
}
