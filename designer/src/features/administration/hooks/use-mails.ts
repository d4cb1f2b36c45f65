import { useQuery } from '@tanstack/react-query';
import { useApi } from '@/api/api-context';
import { mailsQuery } from '../api/administration';

/** The mails, the one that is read, and whether there is a server to send them. */
export function useMails(id: string | undefined) {
  const mails = useQuery(mailsQuery(useApi()));
  return {
    mails,
    read: mails.data?.find((mail) => mail.id === id),
    /** A configured server has been tried soon after a mail was written. */
    lacksServer: mails.data?.some((mail) => mail.state === 'waiting' && mail.attempts === 0) ?? false,
  };
}
