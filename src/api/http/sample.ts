/** What marks the answers of a demonstration, whose figures are made up. */
export const sampleNotice = {
  zh: '示例数据：除注明者外均为虚构，并非真实报告',
  en: 'sample data: made-up figures, not real reports, unless a report says otherwise',
} as const;
