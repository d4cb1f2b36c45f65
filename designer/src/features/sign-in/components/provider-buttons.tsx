import { Alert, Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useApi } from '@/api/api-context';
import { failureText } from '@/api/failure-text';
import { signInOptionsQuery, useProvider } from '@/api/session';
import { useTexts } from '@/lib/i18n/text';
import { wrappingButton } from '@/ui/wrapping-button';
import styles from './entry.module.css';

/** A button for each provider by which one can sign in, or accept an invitation. */
export function ProviderButtons({ invitation, disabled = false }: { invitation?: string; disabled?: boolean }) {
  const t = useTexts();
  const options = useQuery(signInOptionsQuery(useApi()));
  const provider = useProvider();
  const providers = options.data?.providers ?? [];
  if (providers.length === 0) return null;
  const returnTo = invitation ? '/' : window.location.pathname + window.location.search;
  return (
    <>
      <div className={styles.or}>{t('identity.or')}</div>
      {provider.error ? (
        <Alert color="red" variant="light" p="xs" role="alert">
          {failureText(t, provider.error)}
        </Alert>
      ) : null}
      {providers.map(({ key, name }) => (
        <Button
          key={key}
          variant="default"
          size="sm"
          styles={wrappingButton}
          fullWidth
          disabled={disabled || (provider.isPending && provider.variables.key !== key)}
          loading={provider.isPending && provider.variables.key === key}
          onClick={() => provider.mutate({ key, returnTo, ...(invitation ? { invitation } : {}) })}
        >
          {t('identity.provider.use', { name })}
        </Button>
      ))}
    </>
  );
}
