import type { RuleFile, RuleSource } from '@/api/packages';
import { usePublish } from '@/api/use-publish';
import { withProperty } from '@/lib/json-text';

/** Publishes the rules of a file. */
export function usePublishRules(onDone: () => void) {
  const { publish, isPublishing, problems, failure } = usePublish(onDone);
  return {
    publish: (file: RuleFile, rules: RuleSource[], done: string) => publish({ package: file.package, change: () => ({ [file.path]: withProperty(file.text, 'rules', rules) }), done }),
    isPublishing,
    problems: failure ? [failure] : problems.map(({ message, remedy }) => `${message} ${remedy}`),
  };
}
