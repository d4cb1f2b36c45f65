import { formatDate, formatNumber } from '@/lib/format';
import type { Texts } from '@/lib/i18n/text';
import type { AuditEntry } from '../api/audit';

const mostNamed = 4;

function named(list: unknown): string {
  if (!Array.isArray(list)) return '';
  return list.map((each) => (typeof each === 'object' && each !== null && 'name' in each ? String(each.name) : String(each))).join(', ');
}

function value(from: unknown): string {
  return from === null || from === undefined ? '–' : typeof from === 'object' ? JSON.stringify(from) : String(from);
}

function changesText({ changes, labels, operation }: AuditEntry): string {
  const all = Object.entries(changes ?? {});
  const told = all.slice(0, mostNamed).map(([column, [before, after]]) => {
    const label = labels?.[column] ?? column;
    return operation === 'update' ? `${label}: ${value(before)} → ${value(after)}` : label;
  });
  return [...told, ...(all.length > mostNamed ? ['…'] : [])].join(' · ');
}

function rightsText(rights: unknown, t: Texts): string {
  const { roles, isAdministrator, isActive } = (rights ?? {}) as { roles?: unknown; isAdministrator?: boolean; isActive?: boolean };
  return [t('audit.roles', { roles: named(roles) || '–' }), isAdministrator ? t('identity.administrator') : '', isActive === false ? t('identity.state.inactive') : ''].filter(Boolean).join(' · ');
}

/** What an entry of the audit tells besides who, when and what. */
export function detailsText(entry: AuditEntry, t: Texts): string {
  const details = entry.details ?? {};
  switch (entry.operation) {
    case 'publish': {
      const roles = named(details.roles);
      return [t('audit.publish', { version: String(details.version ?? ''), packages: named(details.packages) }), roles ? t('audit.publish.roles', { roles }) : ''].filter(Boolean).join(' · ');
    }
    case 'export':
      return [
        typeof details.rows === 'number' || typeof details.rows === 'string' ? t('audit.rows', { count: formatNumber(details.rows, t.language) }) : t('audit.rows.unknown'),
        String(details.query ?? ''),
      ].filter(Boolean).join(' · ');
    case 'retention':
      return t('audit.retention', { at: formatDate(String(details.before ?? '').slice(0, 10), t.language) });
    case 'shared':
      return `${String(details.record ?? '')}: ${named(details.before) || '–'} → ${named(details.after) || '–'}`;
    case 'preview_started':
      return [named(details.roles) ? t('audit.roles', { roles: named(details.roles) }) : '', String(details.user ?? '')].filter(Boolean).join(' · ');
    case 'roles_changed':
      return rightsText(details.after, t);
    default:
      return changesText(entry);
  }
}
