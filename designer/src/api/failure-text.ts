import { ApiError } from '@/api/client';
import type { Texts } from '@/lib/i18n/text';

/** What a failed call tells a person. */
export function failureText(t: Texts, error: Error): string {
  return error instanceof ApiError && error.status === 0 ? t('error.network') : error.message;
}
