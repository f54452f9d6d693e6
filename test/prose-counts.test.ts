/** The counts that sentences state are read as they are meant, or doubted; what is counted and is no published item is none. */
import fc from 'fast-check';
import t from 'tap';
import './seed.js';
import { readProse } from '../src/document/read/prose/prose.js';
import type { PublishedGroup } from '../src/form/report.js';

/** A reading in short: the total, then `name=count` of categories and of channels. */
function itemsIn(overview: string, proactiveDisclosure: string | null = null) {
  const { publishedItems: items, doubts } = readProse({ overview, proactiveDisclosure }, 2023);
  const short = (groups: readonly PublishedGroup[] = []) =>
    groups.map(({ name, count, note }) => `${name}=${count ?? note}`).join(' ');
  if (!items) return doubts.length > 0 ? 'doubt' : null;
  const said = [String(items.total ?? items.note ?? '?'), short(items.categories), short(items.channels)];
  return said.join(' | ') + (doubts.length > 0 ? ' doubt' : '');
}

/** Sentences of our own with what they state: total | categories | channels. */
const sentences: Readonly<Record<string, readonly (readonly [string, string | null])[]>> = {
  'a total is one that is stated for the whole': [
    ['2023年，我镇主动公开政府信息45条。', '45 |  | '],
    ['本年度信息公开数量为45条。', '45 |  | '],
    ['主动公开信息总数45，其中机构职能12，政策法规8，工作动态25。', '45 | 机构职能=12 政策法规=8 工作动态=25 | '],
    ['全年信息公开45条，政策解读3条。', '45 |  | '],
    ['全年新增主动公开信息45条，较上年多公开12条。', '45 |  | '],
    ['我街道今年主动公开了45条政府信息。', '45 |  | '],
    ['截至12月31日，共上传信息1,234条。', '1234 |  | '],
    ['全年公开政府信息三十五条，其中动态二十条、公告十五条。', '35 | 动态=20 公告=15 | '],
    ['根据《条例》第二十条规定，公开信息12条。', '12 |  | '],
    ['截止年底通过网站发布政务类信息34条，概况类信息150条。', '? | 政务类信息=34 概况类信息=150 | '],
    ['2022年公开信息30条，2023年公开信息45条。', '45 |  | '],
    ['全年公开信息45条。上半年公开信息20条，下半年公开信息25条。', '45 |  | '],
    ['全年主动公开工作动态25条、通知公告15条，共计40条。', '40 | 工作动态=25 通知公告=15 | '],
    ['主动公开的政府信息中，政策文件12条，财政信息6条，工作动态30条。', '? | 政策文件=12 财政信息=6 工作动态=30 | '],
    ['全年共公开信息：机构职能12、政策法规8、工作动态29。', '? | 机构职能=12 政策法规=8 工作动态=29 | '],
    ['2024年计划公开信息60条，每月公开信息不少于5条。', null],
    ['公开信息45条。另据统计，公开信息48条。', 'doubt'],
    ['全年公开政策文件、工作动态、通知公告等信息59条。', '59 |  | '],
    ['主动公开政府信息数：45条。', '45 |  | '],
    ['主动公开政府信息45条；依申请公开2条；不予公开0条。', '45 |  | '],
    ['累计公开45条信息，涵盖动态25条、公告20条。', '45 | 动态=25 公告=20 | '],
    ['公开信息40条，较上年增加5条，其中动态25条、公告15条。', '40 | 动态=25 公告=15 | '],
    ['通过各种渠道公开信息45条（次）。', '45 |  | '],
    ['镇政府网站专栏共发布信息418条，政务新媒体共发布信息965条。', '? |  | 政府网站=418 政务新媒体=965'],
    ['通过区政府门户网站主动公开信息56条，通过公开栏张贴各类公告87份。', '? |  | 区政府门户网站=56'],
    ['公开低保、危房改造等信息46条，公开行政执法信息11条。', 'doubt'],
    ['全镇应公开信息125条，实际公开121条。', 'doubt'],
    ['上半年公开信息50条，下半年公开信息70条。', 'doubt'],
    ['2023年我镇公开信息（不含转载）142条。', 'doubt'],
    ['发布信息22条，政务动态188条，政策文件17条。', '22 |  |  doubt'],
    ['门户网站累计公开信息3000条，其中2023年新增公开信息212条。', '212 |  | 门户网站=3000 doubt'],
    ['公开信息120条（含动态115条、公告5条）。', '120 | 动态=115 公告=5 | '],
    [
      '公开信息300条，其中网站首页发布23条、微信公众号“美丽枫林”277条。',
      '300 |  | 网站首页=23 微信公众号“美丽枫林”=277',
    ],
    ['网站公开信息56条。微信公开信息156条。在显示屏滚动播放信息300余条。', '? |  | 网站=56 微信=156 显示屏=300余条'],
    ['主动公开政府信息45条、制发规范性文件2件。', '45 |  | '],
  ],
  'a list ends with its sentence, or where the text goes on to something else': [
    [
      '门户网站共发布信息500条，其中：概况类60条、动态类140条、目录类300条；共维护专栏5个；共发布政策解读25篇。制定规范性文件4件。',
      '500 | 概况类=60 动态类=140 目录类=300 | ',
    ],
    ['公开信息40条，其中：动态25条，公告15条，开展培训3次，接待群众12人次。', '40 | 动态=25 公告=15 | '],
    ['公开信息40条，其中动态25条、公告15条。政策解读3篇、规范性文件2件。', '40 | 动态=25 公告=15 | '],
    ['共公开信息16条。其中，公开乡动态8条，占比50%；公开其他信息8条，占比50%。', '16 | 乡动态=8 其他信息=8 | '],
    ['公开信息40条，同比增长5%，其中动态25条，同比增长8%；公告15条。', '40 | 动态=25 公告=15 | '],
    ['公开信息40条，其中动态25条、公告15条，办理依申请公开5件。', '40 | 动态=25 公告=15 | '],
    ['公开信息40条，其中动态25条、公告15条，全年未收到复议申请，新增专栏2个。', '40 | 动态=25 公告=15 | '],
    ['公开信息35条（其中：乡镇动态20条，通知公告15条），培训2次。', '35 | 乡镇动态=20 通知公告=15 | '],
    ['公开信息40条，其中动态25条等。公告15条已归档。', '40 | 动态=25 | '],
  ],
  'a list is introduced in many words, and over lines': [
    [
      '全年累计公开信息59条，内容涵盖政务信息12条、基层政务8条、工作动态29条、通知公告10条。',
      '59 | 政务信息=12 基层政务=8 工作动态=29 通知公告=10 | ',
    ],
    ['公开信息80条，涉及领导信息11条、财政信息7条、政策解读3条等。', '80 | 领导信息=11 财政信息=7 政策解读=3 | '],
    ['公开信息88条，涉及：财政预决算2条，重大项目6条，社会救助80条。', '88 | 财政预决算=2 重大项目=6 社会救助=80 | '],
    [
      '公开信息59条，具体包括：\n1.机构信息12条；\n2.政策文件8条；\n3.通知公告39条。\n依申请公开2条。',
      '59 | 机构信息=12 政策文件=8 通知公告=39 | ',
    ],
    ['公开信息20条，具体包括\n（一）机构信息12条。\n（二）政策文件8条。', '20 | 机构信息=12 政策文件=8 | '],
    ['公开信息20条，具体如下：一是机构信息12条，二是政策文件8条。', '20 | 机构信息=12 政策文件=8 | '],
    ['公开信息36条，主要为工作动态20条、为民服务信息16条。', '36 | 工作动态=20 为民服务信息=16 | '],
    ['公开信息36条，包括有关文件20条和共青团信息16条。', '36 | 有关文件=20 共青团信息=16 | '],
    ['公开信息20条。按类别分为：机构信息12条、政策文件8条。', '20 | 机构信息=12 政策文件=8 | '],
    ['公开政府信息45条，占计划的80%，其中政策文件5条，占11.1%，动态40条，占88.9%。', '45 | 政策文件=5 动态=40 | '],
  ],
  'channels and categories are told apart, and what is told of a part is its words': [
    ['全镇共公开政务信息共217条。其中，门户网站公开125条，微信公众号公开92条。', '217 |  | 门户网站=125 微信公众号=92'],
    ['通过县政府门户网站公开信息66条、通过微信公众号推送信息32条。', '? |  | 县政府门户网站=66 微信公众号=32'],
    ['门户网站公开125条，微信公众号公开92条，共计217条。', '217 |  | 门户网站=125 微信公众号=92'],
    ['门户网站公开125条，微信公众号公开92条，共计220条。', 'doubt'],
    ['通过县政府门户网站主动公开信息45条。', '45 |  | '],
    ['通过官网共发布各类信息四十余条，公开政府信息260余条。', '260余条 |  | 官网=四十余条'],
    ['我街道主动公开政府信息359条，微信公众号推送信息1088条。', '359 |  | 微信公众号=1088 doubt'],
    [
      '发布信息206条，按渠道分：门户网站38条、微信168条；按类别分：政策类6条，动态类200条。',
      '206 | 政策类=6 动态类=200 | 门户网站=38 微信=168',
    ],
    [
      '公开信息217条，其中门户网站125条，微信公众号92条；其中政策类12条、动态类205条。',
      '217 | 政策类=12 动态类=205 | 门户网站=125 微信公众号=92',
    ],
    ['公开信息217条，其中门户网站125条（动态类100条、公告类25条），微信92条。', '217 |  | 门户网站=125 微信=92'],
    ['公开信息217条，其中门户网站125条，其中动态类100条、公告类25条；微信92条。', '217 |  | 门户网站=125 微信=92'],
    ['公开信息217条，其中门户网站125条，其中动态类100条，微信92条。', '217 |  |  doubt'],
    ['主动公开信息62条，省级、市级、县级媒体分别发布45条、13条、4条。', '62 |  | 省级媒体=45 市级媒体=13 县级媒体=4'],
    ['公开信息24条，其中政策文件和通知公告各12条。', '24 | 政策文件=12 通知公告=12 | '],
    ['公开信息24条，其中政策文件、通知公告、工作动态分别为12条、12条。', '24 |  |  doubt'],
    ['在市政府门户网站公开信息66条，其中：党务公开12条、政务动态54条。', '66 | 党务公开=12 政务动态=54 | '],
  ],
  'names are whole': [
    ['共公开信息60条，其中村务公开12条、党务公开8条、财务公开40条。', '60 | 村务公开=12 党务公开=8 财务公开=40 | '],
    ['公开信息60条，其中政策文件、通知公告12条，工作动态48条。', '60 | 政策文件、通知公告=12 工作动态=48 | '],
    ['公开信息5条，其中公开指南1条，公开年报1条，发布会信息3条。', '5 | 公开指南=1 公开年报=1 发布会信息=3 | '],
    ['公开信息20条，其中“三公”经费5条、建议提案办理15条。', '20 | “三公”经费=5 建议提案办理=15 | '],
  ],
  'what is counted and is no published item is none': [
    ['全年共发布政策解读3篇，组织培训2次，召开会议5次，参会人员120人次。', null],
    ['我镇收到依申请公开5件，全部办结。', null],
    ['制发规范性文件4件，其中公开4件。', null],
    ['开设专栏3个，公开栏更新12次。', null],
    ['主动公开基层政务公开标准化目录26项。', null],
    ['答复信息公开申请12件，公开征集意见30条。', null],
    ['网站信息浏览量12000条。', null],
  ],
  'what goes beside a list is no part of it': [
    ['我局公开信息30条，其中网站20条、微信10条；受理咨询15件；新增政策解读2条。', '30 |  | 网站=20 微信=10'],
    ['全年公开信息30条，其中动态20条、公告10条。更新专栏6个，转载上级信息90条。', '30 | 动态=20 公告=10 | '],
    ['公开信息30条，其中动态20条，全年未发生泄密事件，另转载9条。', '30 | 动态=20 | '],
    ['公开信息30条，其中动态20条，不断完善制度，新闻10条。', '30 | 动态=20 |  doubt'],
    ['发布信息30条，公开率100%，其中动态20条、公告10条。', '30 | 动态=20 公告=10 | '],
    ['1—12月，全乡共公开信息30条；向县级媒体报送信息12条，采用3条。', '30 |  | '],
    ['一是主动公开。全年公开信息30条。二是依申请公开。全年收到申请2件。三是解读。发布解读3条。', '30 |  | '],
  ],
  'numbers that are about right are words': [
    ['全年发布信息近300条，其中动态200余条。', '近300条 | 动态=200余条 | '],
    ['全年发布信息1.2万条。', '1.2万条 |  | '],
    ['全年公开信息300条以上。', '300条以上 |  | '],
    ['全年公开信息四十余条。', '四十余条 |  | '],
    ['全年公开信息20至30条。', '20至30条 |  | '],
  ],
};

/** Names of kinds and of channels, with words in them that begin or end something else. */
const kinds = [
  ...['村务公开', '政策文件、通知公告', '为民服务', '有关文件', '共青团工作', '公开指南', '其他信息', '政策解读'],
  ...[
    '规范性文件',
    '行政许可',
    '建议提案办理',
    '财政预决算',
    '会议信息',
    '培训就业',
    '涉农补贴',
    '乡动态',
    '工作动态类',
  ],
  ...[
    '“三公”经费',
    '安全生产和应急',
    '12345办理情况',
    '五公开',
    '回应关切',
    '热线办理',
    '党的建设',
    '征地拆迁',
    '双随机',
  ],
];
const channels = [
  ...[
    '门户网站',
    '县政府网站',
    '微信公众号',
    '政务新媒体',
    '公示栏',
    '村级公开栏',
    '抖音号',
    '县融媒体中心',
    '今日头条',
  ],
  ...['广播电视', '便民服务平台', '手机客户端', '电子显示屏', '政府公报'],
];
const before = [
  '',
  '我镇工作有序开展。',
  '根据《条例》第二十条，',
  '2023年，',
  '截至2023年12月31日，我街道',
  '（一）主动公开。',
  '一是',
];
const verbs = ['公开', '主动公开', '发布', '更新', '推送', '累计公开', '共主动公开', '共发布'];
const objects = ['信息', '政府信息', '政务信息', '各类信息', '各类政府信息'];
const introductions = [
  '，其中',
  '，其中：',
  '。其中，',
  '，内容涵盖',
  '，包括',
  '，主要包括：',
  '，具体为：',
  '，涉及',
  '：其中',
  '，分别为',
];
const separators = ['，', '、', '；', ',', '；\n', ' 、'];
const afterwards = [
  ...[
    '。',
    '。开展培训3次。',
    '；维护专栏5个。',
    '。收到申请5件，办结5件。',
    '。制发规范性文件4件。',
    '，办理提案2件。',
    '。\n附件2份。',
  ],
  ...['；政策解读另行统计。', '。参训人员40人次，答复咨询12件。'],
];
const from = (words: readonly string[]) => fc.constantFrom(...words);
const count = fc.oneof(fc.nat(9), fc.integer({ min: 10, max: 99_999 }));
const unit = fc.constantFrom('条', '条', '条', '篇', '则', '');

t.test('what is put into a sentence is read out of it, or doubted, and never something else', async () => {
  const partsOf = (names: readonly string[]) =>
    fc.uniqueArray(fc.record({ name: from(names), count }), {
      minLength: 1,
      maxLength: 6,
      selector: ({ name }) => name,
    });
  const sentence = fc.record({
    ...{ before: from(before), verb: from(verbs), object: from(objects), introduction: from(introductions) },
    ...{
      list: fc.oneof(
        fc.tuple(fc.constant('categories' as const), partsOf(kinds)),
        fc.tuple(fc.constant('channels' as const), partsOf(channels)),
      ),
    },
    ...{ separator: from(separators), unit, after: from(afterwards), more: fc.nat(40), isShared: fc.boolean() },
  });
  fc.assert(
    fc.property(sentence, (said) => {
      const [kind, parts] = said.list;
      const total = parts.reduce((sum, part) => sum + part.count, said.more);
      const share = (part: number) => (said.isShared && total > 0 ? `，占${Math.round((100 * part) / total)}%` : '');
      const listed = parts
        .map((part) => `${part.name}${part.count}${said.unit}${share(part.count)}`)
        .join(said.separator);
      const text = `${said.before}${said.verb}${said.object}${total}条${said.introduction}${listed}${said.after}`;
      const { publishedItems: items, doubts } = readProse({ overview: text }, 2023);
      const read = items?.[kind].map((group) => ({ name: group.name, count: group.count }));
      const others = kind === 'channels' ? items?.categories : items?.channels;
      const isRead = items?.total === total && JSON.stringify(read) === JSON.stringify(parts) && others?.length === 0;
      const isDoubted = doubts.length > 0 && (items === null || items.total === total || items.total === null);
      if (!isRead && !isDoubted) throw new Error(`${text} ${JSON.stringify(items)}`);
    }),
    { numRuns: 4_000 },
  );
});

t.test('two ways of telling the whole apart, parts of parts and channels alone are read or doubted', async () => {
  const twoParts = (names: readonly string[]) =>
    fc.uniqueArray(fc.record({ name: from(names), count }), {
      minLength: 2,
      maxLength: 4,
      selector: ({ name }) => name,
    });
  const listed = (parts: readonly { name: string; count: number }[], by: string) =>
    parts.map((part) => `${part.name}${part.count}条`).join(by);
  const sum = (parts: readonly { count: number }[]) => parts.reduce((all, part) => all + part.count, 0);
  const said = fc.record({
    byChannel: twoParts(channels),
    byKind: twoParts(kinds.slice(0, 8)),
    by: from(['，', '、', '；']),
  });
  const same = (one: readonly PublishedGroup[] | undefined, other: readonly PublishedGroup[]) =>
    JSON.stringify(one?.map((group) => [group.name, group.count])) ===
    JSON.stringify(other.map((group) => [group.name, group.count]));
  const held = (text: string, isRead: (reading: ReturnType<typeof readProse>) => boolean) => {
    const reading = readProse({ overview: text }, 2023);
    if (!isRead(reading) && reading.doubts.length === 0) throw new Error(`${text} ${JSON.stringify(reading)}`);
  };
  fc.assert(
    fc.property(said, from(afterwards), ({ byChannel, byKind, by }, after) => {
      const total = sum(byChannel);
      // The kinds of the same whole: the last is what is left of it.
      const [last, ...others] = byKind.map((kind) => ({ ...kind, count: Math.min(kind.count, Math.floor(total / 5)) }));
      const kindsOfWhole = [...others, { name: last?.name ?? '', count: total - sum(others) }];
      held(
        `公开信息${total}条，其中${listed(byChannel, by)}；按类别分：${listed(kindsOfWhole, by)}${after}`,
        (reading) => {
          const { publishedItems: items } = reading;
          return items?.total === total && same(items.channels, byChannel) && same(items.categories, kindsOfWhole);
        },
      );
      const [first, ...rest] = byChannel;
      const inside = sum(byKind);
      const nested = [{ name: first?.name ?? '', count: inside }, ...rest];
      for (const part of [`（${listed(byKind, '、')}）`, `，其中${listed(byKind, '、')}`]) {
        const list = `${nested[0]?.name}${inside}条${part}${rest.length > 0 ? '；' : ''}${listed(rest, '；')}`;
        held(`公开信息${sum(nested)}条，其中${list}${after}`, ({ publishedItems: items }) => {
          return items?.total === sum(nested) && same(items.channels, nested) && items.categories.length === 0;
        });
      }
      const alone = byChannel.map((channel) => `通过${channel.name}公开信息${channel.count}条`).join('，');
      held(`我镇${alone}${after}`, ({ publishedItems: items }) => {
        return items?.total === null && same(items.channels, byChannel) && items.categories.length === 0;
      });
    }),
    { numRuns: 600 },
  );
});

t.test('sentences without published items have none, in whatever order they come', async () => {
  const nothing = [
    ...[
      '收到依申请公开5件，办结5件。',
      '发布政策解读3篇。',
      '召开会议12次，培训200人次。',
      '办理建议提案6件。',
      '制发规范性文件4件。',
    ],
    ...[
      '开设专栏3个。',
      '2024年将公开信息60条。',
      '每月更新信息不少于5条。',
      '较上年增加12条。',
      '接听12345热线90件。',
      '配备人员2名。',
    ],
    ...[
      '《条例》第二十条所列15项内容均已落实。',
      '网站访问量12000次。',
      '编制公开目录26项。',
      '作出行政处罚9件。',
      '回复留言8条。',
    ],
  ];
  fc.assert(
    fc.property(fc.shuffledSubarray(nothing), (said) => {
      const { publishedItems, doubts } = readProse({ overview: said.join('') }, 2023);
      if (publishedItems !== null || doubts.length > 0)
        throw new Error(`${said.join('')} ${JSON.stringify(publishedItems)}`);
    }),
    { numRuns: 500 },
  );
});

t.test('section two states the items where section one states none', async (t) => {
  const two = '全镇累计主动公开政府信息114条，其中机构职能类30条、领导信息类84条。';
  t.equal(itemsIn('工作有序开展。', two), '114 | 机构职能类=30 领导信息类=84 | ');
  t.equal(itemsIn('公开信息45条。', two), '45 |  | ');
  t.equal(itemsIn('上半年公开信息50条。', two), '114 | 机构职能类=30 领导信息类=84 |  doubt');
});

t.test('a list that says it is all there is is complete once every part of it was read', async (t) => {
  const complete = (overview: string) => readProse({ overview }, 2023).publishedItems?.complete;
  t.same(complete('公开信息40条，分别为动态25条、公告15条。'), ['categories']);
  t.same(
    complete('公开信息40条，分别为动态25条、公告10条。'),
    ['categories'],
    'P-SUM then says that it does not add up',
  );
  t.equal(complete('公开信息40条，其中动态25条、公告15条。'), undefined, '其中 names some');
  t.equal(complete('公开信息40条，分别为动态20余条、公告15条。'), undefined);
  t.equal(complete('公开信息40条，分别为动态25条、公告10条等。'), undefined);
});

t.test('letters and calls are read under their whole names', async (t) => {
  const engaged = (overview: string) => readProse({ overview }, 2023).engagement;
  t.same(engaged('受理12345热线工单19357件，办结率99.5%；县长信箱来信3件。'), [
    { name: '12345热线', handled: 19357, replyRate: 0.995 },
    { name: '县长信箱', handled: 3 },
  ]);
  t.same(engaged('共办理书记县长信箱163件，处理市长热线问题9条，回复率100%。'), [
    { name: '书记县长信箱', handled: 163 },
    { name: '市长热线', handled: 9, replyRate: 1 },
  ]);
  t.same(engaged('办理书记、市长信箱12件，人民网地方领导留言板8件，网络问政20余件。'), [
    { name: '书记、市长信箱', handled: 12 },
    { name: '人民网地方领导留言板', handled: 8 },
    { name: '网络问政', handled: null, note: '20余件' },
  ]);
  t.equal(engaged('开通镇长信箱和服务热线，全年公开信息45条。'), null);
});

for (const [claim, cases] of Object.entries(sentences)) {
  t.test(claim, async (t) => {
    for (const [sentence, stated] of cases) t.equal(itemsIn(sentence), stated, sentence);
  });
}
