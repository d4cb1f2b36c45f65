import type { ApplicationModel, App, Entity, Field, Form, View } from './model';

/** A field reached from an entity: its own, or through one lookup. */
export interface FieldPath {
  path: string;
  /** The lookup that the path goes through; absent for an own field. */
  lookup?: Field;
  field: Field;
}

function groupBy<T>(items: readonly T[], key: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) groups.set(key(item), [...(groups.get(key(item)) ?? []), item]);
  return groups;
}

/** The application model with an index for each question that screens ask. */
export class ModelIndex {
  private readonly entities: Map<string, Entity>;
  private readonly plurals: Map<string, Entity>;
  private readonly views: Map<string, View[]>;
  private readonly forms: Map<string, Form[]>;

  constructor(readonly source: ApplicationModel) {
    this.entities = new Map(source.entities.map((entity) => [entity.name, entity]));
    this.plurals = new Map(source.entities.map((entity) => [entity.plural, entity]));
    this.views = groupBy(source.views, (view) => view.entity);
    this.forms = groupBy(source.forms, (form) => form.entity);
  }

  app(name: string | undefined): App | undefined {
    return this.source.apps.find((app) => app.name === name);
  }

  /** An app in whose navigation records of the entity are, the preferred one if it has them; where none has, that one or the first. */
  appOf(entity: string, preferred?: string): App | undefined {
    const { apps } = this.source;
    const wanted = this.app(preferred);
    const shows = (app: App) => app.navigation.some((group) => group.items.some((item) => item.entity === entity));
    return wanted && shows(wanted) ? wanted : (apps.find(shows) ?? wanted ?? apps[0]);
  }

  entity(name: string | null | undefined): Entity | undefined {
    return name ? this.entities.get(name) : undefined;
  }

  byPlural(plural: string | undefined): Entity | undefined {
    return plural ? this.plurals.get(plural) : undefined;
  }

  viewsOf(entity: Entity): View[] {
    return this.views.get(entity.name) ?? [];
  }

  /** The view of that name, else the default one, else the first. */
  view(entity: Entity, name: string | null | undefined): View | undefined {
    const views = this.viewsOf(entity);
    const wanted = views.find((view) => view.name === name || view.name === `${entity.name}.${name ?? ''}`);
    return wanted ?? views.find((view) => view.default) ?? views[0];
  }

  /** The form that opens for an entity. */
  form(entity: Entity): Form | undefined {
    const forms = this.forms.get(entity.name) ?? [];
    return forms.find((form) => form.name === `${entity.name}.main`) ?? forms[0];
  }

  field(entity: Entity, name: string): Field | undefined {
    return entity.fields.find((field) => field.name === name);
  }

  /** Finds `status` or `account.industry`; undefined where a part does not exist or may not be seen. */
  path(entity: Entity, path: string): FieldPath | undefined {
    const [first = '', second] = path.split('.');
    const own = this.field(entity, first);
    if (!own) return undefined;
    if (second === undefined) return { path, field: own };
    const target = this.entity(own.targets?.[0]);
    const field = target && this.field(target, second);
    return field ? { path, lookup: own, field } : undefined;
  }

  /** The field that names a record of the entity. */
  primary(entity: Entity): Field | undefined {
    return this.field(entity, entity.primary);
  }
}
