import { PasswordInput, VisuallyHidden } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useTexts, type Texts } from '@/lib/i18n/text';
import styles from './credentials.module.css';
import { estimatePassword, shortestPassword, type Estimate } from './password-strength';

// Whoever listens is told when the typing pauses, not at each key.
const pause = 800;

function textOf({ strength, weakness }: Estimate, t: Texts): string {
  return [t(`password.strength.${strength}`), weakness ? t(`password.weakness.${weakness}`) : ''].filter(Boolean).join(' ');
}

function StrengthMeter({ password, userName }: { password: string; userName: string }) {
  const t = useTexts();
  const [settled] = useDebouncedValue(password, pause);
  const estimate = estimatePassword(password, userName);
  return (
    <div className={styles.strength} data-strength={password ? estimate.strength : undefined}>
      <div className={styles.bar} aria-hidden>
        <span />
        <span />
        <span />
        <span />
      </div>
      <p className={styles.strengthText} aria-hidden>
        {password ? textOf(estimate, t) : t('password.hint')}
      </p>
      <VisuallyHidden role="status">{settled ? textOf(estimatePassword(settled, userName), t) : ''}</VisuallyHidden>
    </div>
  );
}

interface NewPasswordInputProps {
  value: string;
  onChange(value: string): void;
  /** The sign-in name, which the password must not contain; empty where it is not known. */
  userName: string;
  error?: string | undefined;
  autoFocus?: boolean;
  /** The browser asks for it; not where the form says itself what is missing. */
  required?: boolean;
}

/** Where a new password is typed, with how strong it is. */
export function NewPasswordInput({ value, onChange, userName, error, autoFocus = false, required = false }: NewPasswordInputProps) {
  const t = useTexts();
  return (
    <div>
      <PasswordInput
        name="next"
        label={t('password.next')}
        description={t('password.hint')}
        classNames={{ description: styles.unseen ?? '' }}
        autoComplete="new-password"
        required={required}
        minLength={shortestPassword}
        autoFocus={autoFocus}
        visibilityToggleButtonProps={{ 'aria-label': t('password.show') }}
        value={value}
        error={error}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
      <StrengthMeter password={value} userName={userName} />
    </div>
  );
}
