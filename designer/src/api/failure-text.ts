import { ApiError } from '@/api/client';
import type { Texts } from '@/lib/i18n/text';

/** What a failed call tells a person. */
export function failureText(t: Texts, error: Error): string {
  if (error instanceof ApiError && error.code === 'organisation_unknown') return t('organisation.elsewhere');
  if (error instanceof ApiError && error.code === 'provider_expired') return t('identity.provider.expired');
  return error instanceof ApiError && error.status === 0 ? t('error.network') : error.message;
}
