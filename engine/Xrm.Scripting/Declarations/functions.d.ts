/** What happens to the record. */
declare const operation: 'create' | 'update' | 'delete' | 'action' | 'schedule';

/** Name of the transition that the record makes; null for none. */
declare const transition: string | null;

/** Writes a mail. It is sent once all of the save is committed. */
declare function mail(mail: { to: string | string[]; subject: string; body: string }): void;

/** The answer of another server. */
interface HttpAnswer {
  readonly status: number;
  /** By name in lower case. */
  readonly headers: { readonly [name: string]: string };
  readonly body: string;
}

/** Calls another server; only where a rule runs after the save, and in schedules. Hosts must be allowed. @param request body: a text is sent as it is, anything else as JSON. */
declare function http(request: { url: string; method?: string; headers?: { [name: string]: string }; body?: unknown }): HttpAnswer;

/**
 * One record; null where it is not there or may not be seen.
 * @param options lock: nobody else changes or locks the record until the save ends, and what is read is up to date; for decisions that must hold when the save is done.
 */
declare function get<E extends keyof Entities>(entity: E, id: string, options?: { lock?: boolean }): Readonly<Entities[E]> | null;

/** The one record of an entity of settings. To change it: update(entity, setting(entity).id, values). */
declare function setting<E extends keyof Settings>(entity: E): Readonly<Settings[E]>;

/** Records that fulfil conditions. @param options limit: 100 where it is not said, 1000 at most. orderBy: "name" or "value desc", or a list of such. */
declare function query<E extends keyof Entities>(entity: E, options?: { where?: Where<E>; orderBy?: string | string[]; limit?: number }): Readonly<Entities[E]>[];

/** Makes a record and gives its id. */
declare function create<E extends keyof Entities>(entity: E, values: Partial<Entities[E]>): string;

/** Changes values of another record. */
declare function update<E extends keyof Entities>(entity: E, id: string, values: Partial<Entities[E]>): void;

/** Deletes another record, or moves it to the recycle bin where its entity has one. */
declare function remove(entity: keyof Entities, id: string): void;
