import type { ApiClient } from './client';

/** A stored file, as records show it and uploads answer it; a record takes it back as it is. */
export interface StoredFile {
  id: string;
  name: string;
  size: number;
  contentType: string;
}

/** The file that a value of a record stands for: with its name, or by its id alone, as history keeps it. */
export function fileOf(value: unknown): Partial<StoredFile> & { id: string } | undefined {
  if (typeof value === 'string') return { id: value };
  const id = typeof value === 'object' && value !== null ? (value as { id?: unknown }).id : undefined;
  return typeof id === 'string' ? { ...(value as Partial<StoredFile>), id } : undefined;
}

/** Stores a file. */
export async function uploadFile(api: ApiClient, file: File): Promise<StoredFile> {
  const headers = { 'Content-Type': file.type || 'application/octet-stream' };
  const path = `/api/files?name=${encodeURIComponent(file.name)}`;
  return (await api.call<StoredFile>('POST', path, { body: file, headers })).data;
}

/** Address of a file's content. */
export function filePath(id: string): string {
  return `/api/files/${encodeURIComponent(id)}`;
}
