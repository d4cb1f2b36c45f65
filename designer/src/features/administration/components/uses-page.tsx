import { Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useSearchParams } from 'react-router';
import { useApi } from '@/api/api-context';
import { useModel } from '@/api/application-model';
import { failureText } from '@/api/failure-text';
import { useTexts } from '@/lib/i18n/text';
import styles from '@/trial/components/trial.module.css';
import { Message } from '@/ui/message';
import { usesQuery, type Element, type Use } from '../api/uses';
import { Bones } from './bones';
import { FormulaTrial } from './formula-trial';
import { SectionHeader } from './section-header';

function Uses({ uses }: { uses: readonly Use[] }) {
  const t = useTexts();
  if (uses.length === 0) return <Message icon="empty" title={t('admin.uses.none')} text={t('admin.uses.none.text')} />;
  return (
    <>
      <p className={styles.hint} role="status">
        {t(uses.length === 1 ? 'admin.uses.count.one' : 'admin.uses.count.other', { count: uses.length })}
      </p>
      <ul className={styles.list} aria-label={t('admin.uses')}>
        {uses.map((use) => (
          <li key={`${use.location.package}/${use.location.file}${use.location.path}${use.location.line}${use.of}`} className={styles.card}>
            <div className={styles.cardTop}>
              <span className={styles.cardName}>
                {use.kind} {use.name}
              </span>
              <span className={styles.soft}>{use.likely ? t('admin.uses.likely', { how: use.how }) : use.how}</span>
            </div>
            <span className={styles.soft}>
              {use.location.package}/{use.location.file}:{use.location.line} {use.location.path}
            </span>
          </li>
        ))}
      </ul>
    </>
  );
}

/** All that depends on an entity, a field, an option or a script. */
export function UsesPage() {
  const t = useTexts();
  const model = useModel();
  const [search, setSearch] = useSearchParams();
  const get = (name: string) => search.get(name) ?? undefined;
  const element: Element = { entity: get('entity'), field: get('field'), option: get('option'), script: get('script') };
  const uses = useQuery(usesQuery(useApi(), element));
  const entity = model.entity(element.entity);
  const field = entity?.fields.find((each) => each.name === element.field);
  const options = field?.options ?? [];
  const choose = (next: Element) => setSearch(Object.fromEntries(Object.entries(next).filter((entry): entry is [string, string] => Boolean(entry[1]))), { replace: true });
  return (
    <>
      <SectionHeader title={t('admin.uses')} />
      <div className={styles.page}>
        <section className={styles.section}>
          <p className={styles.hint}>{element.script ? t('admin.uses.script', { script: element.script }) : t('admin.uses.text')}</p>
          <div className={styles.bar}>
            <Select
              label={t('admin.rule.entity')}
              data={model.source.entities.map((each) => ({ value: each.name, label: each.label })).sort((one, other) => one.label.localeCompare(other.label, t.language))}
              value={element.entity ?? null}
              searchable
              onChange={(name) => choose({ entity: name ?? undefined })}
            />
            <Select
              label={t('admin.uses.field')}
              data={entity?.fields.map((each) => ({ value: each.name, label: each.label })) ?? []}
              value={element.field ?? null}
              disabled={!entity}
              searchable
              clearable
              onChange={(name) => choose({ entity: element.entity, field: name ?? undefined })}
            />
            {options.length > 0 ? (
              <Select
                label={t('admin.uses.option')}
                data={options.map((each) => ({ value: String(each.value), label: each.label }))}
                value={element.option ?? null}
                searchable
                clearable
                onChange={(value) => choose({ entity: element.entity, field: element.field, option: value ?? undefined })}
              />
            ) : null}
          </div>
        </section>
        <section className={styles.section} aria-live="polite">
          {uses.isError ? <p className={styles.error}>{failureText(t, uses.error)}</p> : uses.data ? <Uses uses={uses.data.uses} /> : uses.isFetching ? <Bones /> : null}
        </section>
        {entity && field && uses.data?.formula ? <FormulaTrial key={`${entity.name}.${field.name}`} entity={entity} field={field.name} formula={uses.data.formula} /> : null}
      </div>
    </>
  );
}
