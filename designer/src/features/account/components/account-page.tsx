import { useModel } from '@/api/application-model';
import { useTexts } from '@/lib/i18n/text';
import { SessionList } from '@/credentials/session-list';
import { TokenList } from '@/credentials/token-list';
import { PageHeader } from '@/ui/page-header';
import { usePageTitle } from '@/ui/page-title';
import styles from './account.module.css';
import { EmailSection } from './email-section';
import { FactorSection } from './factor-section';
import { IdentitySection } from './identity-section';
import { PasskeySection } from './passkey-section';
import { PasswordSection } from './password-section';
import { Section } from './section';

/** The signed-in person's own account: how to sign in, and what is signed in. */
export function AccountPage() {
  const t = useTexts();
  const { user } = useModel().source;
  usePageTitle(t('identity.account'));
  return (
    <>
      <PageHeader>
        <h1 className={styles.title}>{t('identity.account')}</h1>
      </PageHeader>
      <div className={styles.page}>
        <div className={styles.column}>
          <Section title={user.displayName || user.userName} text={t('identity.account.text', { name: user.userName })}>
            <EmailSection />
          </Section>
          <PasswordSection />
          <FactorSection />
          <PasskeySection />
          <IdentitySection />
          <Section title={t('identity.sessions')} text={t('identity.sessions.text')}>
            <SessionList />
          </Section>
          <Section title={t('identity.tokens')} text={t('identity.tokens.text')}>
            <TokenList mayAdd />
          </Section>
        </div>
      </div>
    </>
  );
}
