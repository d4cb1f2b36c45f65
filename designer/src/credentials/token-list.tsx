import { Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useApi } from '@/api/api-context';
import { credentialsPath, tokensQuery, type AccessToken } from '@/api/credentials';
import { formatDateTime } from '@/lib/format';
import { useTexts, type Texts } from '@/lib/i18n/text';
import { Question } from '@/ui/question';
import { CredentialList } from './credential-list';
import styles from './credentials.module.css';
import { TokenDialog } from './token-dialog';

function scopeText(t: Texts, token: AccessToken): string {
  if (token.isUnlimited) return t('identity.token.unlimited');
  const parts = [t(token.canWrite ? 'identity.token.write' : 'identity.token.read'), token.entities.length ? token.entities.join(', ') : t('identity.token.entities.all')];
  return [...parts, ...(token.administration ? [t('identity.token.administration.short')] : [])].join(', ');
}

interface TokenListProps {
  /** The user whom an administrator oversees; one's own tokens where missing. */
  userId?: string | undefined;
  mayAdd: boolean;
}

/** Somebody's access tokens, each with a way to revoke it. */
export function TokenList({ userId, mayAdd }: TokenListProps) {
  const t = useTexts();
  const api = useApi();
  const queries = useQueryClient();
  const query = tokensQuery(api, userId);
  const tokens = useQuery(query);
  const [adding, setAdding] = useState(false);
  const [asked, setAsked] = useState<AccessToken | null>(null);
  const revoke = useMutation({
    mutationFn: (id: string) => api.call('DELETE', `${credentialsPath(userId)}/tokens/${id}`),
    onSettled: () => queries.invalidateQueries({ queryKey: query.queryKey }),
  });
  const confirm = () => {
    if (asked) revoke.mutate(asked.id);
    setAsked(null);
  };
  return (
    <div className={styles.form}>
      <CredentialList
        label={t('identity.tokens')}
        empty={t('identity.tokens.none')}
        entries={tokens.data?.map((token) => ({
          id: token.id,
          name: token.name,
          details: [
            scopeText(t, token),
            token.expiresAt ? t('identity.token.expires', { at: formatDateTime(token.expiresAt, t.language) }) : t('identity.token.never'),
            token.lastUsedAt ? t('identity.used', { at: formatDateTime(token.lastUsedAt, t.language) }) : t('identity.unused'),
          ],
          action: { label: t('identity.token.revoke'), busy: revoke.isPending && revoke.variables === token.id, onClick: () => setAsked(token) },
        }))}
      />
      {mayAdd ? (
        <Button variant="default" style={{ alignSelf: 'start' }} onClick={() => setAdding(true)}>
          {t('identity.token.new')}
        </Button>
      ) : null}
      {adding ? <TokenDialog userId={userId} onClose={() => setAdding(false)} /> : null}
      <Question
        opened={asked !== null}
        title={t('identity.token.revoke.title', { name: asked?.name ?? '' })}
        text={t('identity.token.revoke.text')}
        onClose={() => setAsked(null)}
        answers={[
          { label: t('common.cancel'), safe: true, onClick: () => setAsked(null) },
          { label: t('identity.token.revoke'), color: 'red', variant: 'filled', onClick: confirm },
        ]}
      />
    </div>
  );
}
