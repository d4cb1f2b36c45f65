import { useLinkPage } from '../hooks/use-link-page';
import { EmailPage } from './email-page';
import { ForgottenPage } from './forgotten-page';
import { NewPasswordPage } from './new-password-page';
import { ProviderPage } from './provider-page';
import { SignInPage } from './sign-in-page';

/** What a visitor sees: the page that a link in a mail leads to, or the sign-in. */
export function VisitorPage({ onSignedIn }: { onSignedIn(password: string): void }) {
  const page = useLinkPage();
  if (page.answer) return <ProviderPage answer={page.answer} onSignedIn={() => onSignedIn('')} />;
  switch (page.kind) {
    case 'forgotten':
      return <ForgottenPage />;
    case 'email':
      return <EmailPage secret={page.secret} />;
    case 'invitation':
    case 'password':
      return <NewPasswordPage kind={page.kind} secret={page.secret} onSignedIn={() => onSignedIn('')} />;
    default:
      return <SignInPage onSignedIn={onSignedIn} />;
  }
}
