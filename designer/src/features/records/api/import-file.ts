import { ApiError, type ApiClient } from '@/api/client';

/** Why a row of a file was refused. */
export interface ImportRefusal {
  line: number;
  /** The column as the file calls it; the record as a whole where missing. */
  column?: string;
  code: string;
  message: string;
}

/** What became of an import, or would become of it. */
export interface ImportReport {
  dryRun: boolean;
  rows: number;
  created: number;
  refused: number;
  /** All rows were looked at. */
  isComplete: boolean;
  refusals: ImportRefusal[];
  moreRefusals: number;
  /** Columns that were left out. */
  skipped: string[];
}

/** How a file is imported. */
export interface ImportWish {
  file: File;
  hasDecimalComma: boolean;
  dryRun: boolean;
  /** Store what is right, though other rows are refused. */
  continues: boolean;
  /** Tells this wish from others, so that it is carried out once. */
  key: string;
}

/** Imports a file, or only tries it; what is refused is in the report. */
export async function importFile(api: ApiClient, plural: string, { file, hasDecimalComma, dryRun, continues, key }: ImportWish): Promise<ImportReport> {
  const query = `dryRun=${String(dryRun)}&onError=${continues ? 'continue' : 'stop'}&computed=skip&decimal=${hasDecimalComma ? 'comma' : 'point'}`;
  try {
    return (await api.call<ImportReport>('POST', `/api/data/${plural}/$import?${query}`, { body: file, headers: { 'Content-Type': 'text/csv', 'Idempotency-Key': key } })).data;
  } catch (error) {
    const report = error instanceof ApiError && error.code === 'import_refused' ? (error.body as { report?: ImportReport }).report : undefined;
    if (report) return report;
    throw error;
  }
}
