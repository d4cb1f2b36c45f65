import { Tabs } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useModel } from '@/api/application-model';
import type { Inverse, Tab } from '@/api/model';
import { useTexts } from '@/lib/i18n/text';
import type { RecordForm } from '../hooks/use-record-form';
import styles from './form.module.css';
import { FormSection } from './form-section';
import { showFieldEvent } from './jump';
import { RelatedRecords } from './related-records';

const relatedTab = 'related';

function useTabs(form: RecordForm): { tabs: Tab[]; related: Inverse[] } {
  const model = useModel();
  const all = model.form(form.entity)?.tabs ?? [];
  const tabs = all.filter((tab) => !tab.visible || form.holds(tab.visible));
  const placed = new Set(all.flatMap((tab) => tab.sections.flatMap((section) => section.fields.map((each) => each.field))));
  const owned = new Set(form.entity.fields.filter((field) => field.child).map((field) => `${field.child}:${field.via}`));
  const related = form.entity.inverses.filter((each) => !placed.has(each.name) && !owned.has(`${each.entity}:${each.via}`) && model.entity(each.entity)?.rights.read);
  return { tabs, related: form.isNew ? [] : related };
}

function errorsIn(tab: Tab, form: RecordForm): number {
  const names = new Set(tab.sections.flatMap((section) => section.fields.map((each) => each.field)));
  return [...Object.keys(form.errors.fields), ...Object.keys(form.errors.rows)].filter((name) => names.has(name)).length;
}

/** The sections of a form, in tabs where there is more than one. */
export function FormTabs({ form, app }: { form: RecordForm; app: string }) {
  const t = useTexts();
  const { tabs, related } = useTabs(form);
  const [chosen, setChosen] = useState<string | null>(null);
  useEffect(() => {
    const show = (event: Event) => {
      const place = tabs.findIndex((tab) => tab.sections.some((section) => section.fields.some((each) => each.field === (event as CustomEvent<string>).detail)));
      if (place >= 0) setChosen(String(place));
    };
    window.addEventListener(showFieldEvent, show);
    return () => window.removeEventListener(showFieldEvent, show);
  }, [tabs]);

  const sections = (tab: Tab) => tab.sections.map((section, place) => <FormSection key={place} section={section} form={form} app={app} />);
  if (tabs.length === 1 && related.length === 0) return <div className={styles.sections}>{tabs.map(sections)}</div>;
  return (
    <Tabs value={chosen ?? '0'} onChange={setChosen} keepMounted={false} classNames={{ root: styles.tabs, list: styles.tabList, tab: styles.tab, panel: styles.sections }}>
      <Tabs.List aria-label={t('form.tabs')}>
        {tabs.map((tab, place) => (
          <Tabs.Tab key={tab.label} value={String(place)} rightSection={errorsIn(tab, form) > 0 ? <span className={styles.tabErrors}>{errorsIn(tab, form)}</span> : null}>
            {tab.label}
          </Tabs.Tab>
        ))}
        {related.length > 0 ? <Tabs.Tab value={relatedTab}>{t('form.related')}</Tabs.Tab> : null}
      </Tabs.List>
      {tabs.map((tab, place) => (
        <Tabs.Panel key={tab.label} value={String(place)}>
          {sections(tab)}
        </Tabs.Panel>
      ))}
      {related.length > 0 ? (
        <Tabs.Panel value={relatedTab}>
          {related.map((each) => (
            <RelatedRecords key={each.name} inverse={each} form={form} app={app} />
          ))}
        </Tabs.Panel>
      ) : null}
    </Tabs>
  );
}
