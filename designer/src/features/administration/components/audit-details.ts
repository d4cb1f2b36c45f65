import { browserName } from '@/credentials/browser-name';
import { formatDate, formatDateTime, formatNumber } from '@/lib/format';
import type { Texts } from '@/lib/i18n/text';
import type { AuditEntry } from '../api/audit';

const mostNamed = 4;
const entityScope = 'entity:';

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

function countsText(details: Record<string, unknown>, t: Texts): string {
  if (details.fetched === true) return t('audit.person.fetched');
  const counts = (['anonymised', 'deleted', 'kept'] as const).flatMap((name) => (typeof details[name] === 'number' ? [t(`audit.person.${name}`, { count: formatNumber(details[name], t.language) })] : []));
  if (counts.length > 0) return counts.join(' · ');
  if (Array.isArray(details.entries)) return t('audit.person.entries', { count: formatNumber(details.entries.length, t.language) });
  const records: unknown = Array.isArray(details.records) ? details.records.length : details.records;
  return typeof records === 'number' ? t('audit.person.records', { count: formatNumber(records, t.language) }) : '';
}

const actions = ['created', 'changed', 'suspended', 'resumed', 'deleted', 'kept'] as const;

function organisationText({ organisation, action }: Record<string, unknown>, t: Texts): string {
  const known = actions.find((each) => each === action);
  return [String(organisation ?? ''), known ? t(`audit.organisation.${known}`) : String(action ?? '')].filter(Boolean).join(': ');
}

function memberText({ before, after }: Record<string, unknown>, t: Texts): string {
  const isAdministrator = (member: unknown) => typeof member === 'object' && member !== null && 'isAdministrator' in member && member.isAdministrator === true;
  if (!after) return t('audit.member.removed');
  const what = t(before ? 'audit.member.changed' : 'audit.member.added');
  return isAdministrator(after) ? `${what} · ${t('identity.administrator')}` : what;
}

function tokenText({ name, scopes, expiresAt }: Record<string, unknown>, t: Texts): string {
  const words = Array.isArray(scopes) ? scopes.map(String) : null;
  const entities = words?.filter((word) => word.startsWith(entityScope)).map((word) => word.slice(entityScope.length)) ?? [];
  return [
    String(name ?? ''),
    words ? t(words.includes('write') ? 'audit.token.write' : 'audit.token.read') : t('audit.token.unlimited'),
    words?.includes('administration') ? t('audit.token.administration') : '',
    entities.length > 0 ? t('audit.token.entities', { entities: entities.join(', ') }) : '',
    typeof expiresAt === 'string' ? t('audit.token.until', { at: formatDateTime(expiresAt, t.language) }) : t('audit.token.forever'),
  ].filter(Boolean).join(' · ');
}

function sessionsText({ sessions, browser, address, since }: Record<string, unknown>, t: Texts): string {
  if (typeof since !== 'string') return t('audit.sessions', { count: formatNumber(Number(sessions ?? 0), t.language) });
  return [t('audit.session.since', { at: formatDateTime(since, t.language) }), typeof browser === 'string' ? browserName(browser, '') : '', String(address ?? '')].filter(Boolean).join(' · ');
}

function factorsText({ authenticator, passkeys }: Record<string, unknown>, t: Texts): string {
  return [authenticator === true ? t('audit.factor.authenticator') : '', typeof passkeys === 'number' && passkeys > 0 ? t('audit.factor.passkeys', { count: formatNumber(passkeys, t.language) }) : ''].filter(Boolean).join(' · ');
}

/** What is told of a change of how somebody comes in; undefined for other entries. */
function credentialText({ operation, details = {} }: AuditEntry, t: Texts): string | undefined {
  switch (operation) {
    case 'token_made':
    case 'token_revoked':
      return tokenText(details, t);
    case 'second_factor_added':
    case 'recovery_codes_renewed':
    case 'password_changed':
      return '';
    case 'second_factor_removed':
      return factorsText(details, t);
    case 'recovery_code_used':
      return t('audit.codes.left', { count: formatNumber(Number(details.left ?? 0), t.language) });
    case 'passkey_added':
    case 'passkey_removed':
      return String(details.name ?? '');
    case 'passkey_renamed':
      return `${value(details.before)} → ${value(details.after)}`;
    case 'sessions_ended':
      return sessionsText(details, t);
    default:
      return undefined;
  }
}

/**
 * What an entry of the audit tells besides who, when and what.
 * @param labelOf what people call a field of an entity
 */
export function detailsText(entry: AuditEntry, t: Texts, labelOf: (entity: string | undefined, field: string) => string): string {
  if (entry.valuesErased) return t('history.erased');
  const whose = entry.concernedName && entry.operation !== 'preview_started' ? t('audit.concerns', { name: entry.concernedName }) : '';
  return [whose, credentialText(entry, t) ?? otherText(entry, t, labelOf)].filter(Boolean).join(' · ');
}

function otherText(entry: AuditEntry, t: Texts, labelOf: (entity: string | undefined, field: string) => string): string {
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
    case 'import':
      return t('audit.import', { created: formatNumber(details.created, t.language), refused: formatNumber(details.refused, t.language) });
    case 'retention':
      return t('audit.retention', { at: formatDate(String(details.before ?? '').slice(0, 10), t.language) });
    case 'shared':
      return `${String(details.record ?? '')}: ${named(details.before) || '–'} → ${named(details.after) || '–'}`;
    case 'secret_read':
      return labelOf(entry.entity, String(details.field ?? ''));
    case 'person_export':
    case 'erasure':
      return countsText(details, t);
    case 'organisation_changed':
      return organisationText(details, t);
    case 'member_changed':
      return memberText(details, t);
    case 'identity_linked':
    case 'identity_unlinked':
      return String(details.provider ?? details.issuer ?? '');
    case 'preview_started':
      return [named(details.roles) ? t('audit.roles', { roles: named(details.roles) }) : '', entry.concernedName ?? String(details.user ?? '')].filter(Boolean).join(' · ');
    case 'roles_changed':
      return rightsText(details.after, t);
    default:
      return changesText(entry);
  }
}
