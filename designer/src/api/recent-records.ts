import { readSetting, writeSetting } from '@/lib/storage';

/** A record that was opened; its name is asked for when it is shown, for it may change or be taken away. */
export interface RecentRecord {
  entity: string;
  recordId: string;
}

const most = 20;

function settingOf(userId: string): string {
  return `recent.${userId}`;
}

function isRecent(value: unknown): value is RecentRecord {
  return typeof value === 'object' && value !== null && typeof (value as RecentRecord).entity === 'string' && typeof (value as RecentRecord).recordId === 'string';
}

/** The records that a person opened last in this browser, the newest first. */
export function recentRecords(userId: string): RecentRecord[] {
  try {
    const read: unknown = JSON.parse(readSetting(settingOf(userId)) ?? '[]');
    return Array.isArray(read) ? read.filter(isRecent).slice(0, most) : [];
  } catch {
    return [];
  }
}

/** Remembers that a person opened a record. */
export function rememberRecord(userId: string, record: RecentRecord): void {
  const others = recentRecords(userId).filter(({ entity, recordId }) => entity !== record.entity || recordId !== record.recordId);
  writeSetting(settingOf(userId), JSON.stringify([record, ...others].slice(0, most)));
}
