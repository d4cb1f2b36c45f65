import type { ApiClient } from './client';

/** A stored file. */
export interface StoredFile {
  id: string;
  name: string;
  size: number;
  contentType: string;
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
