import { Component, type ReactNode } from 'react';
import { useTexts } from '@/lib/i18n/text';
import { Message } from '@/ui/message';

function Failure({ error }: { error: Error }) {
  const t = useTexts();
  return (
    <Message
      icon="alert"
      title={t('error.title')}
      text={error.message}
      action={{ label: t('error.reload'), onClick: () => window.location.reload() }}
    />
  );
}

/** Shows what happened instead of an empty page when drawing fails. */
export class ErrorBoundary extends Component<{ children: ReactNode }, { error: Error | null }> {
  override state = { error: null as Error | null };

  static getDerivedStateFromError(error: Error) {
    return { error };
  }

  override render() {
    return this.state.error ? <Failure error={this.state.error} /> : this.props.children;
  }
}
