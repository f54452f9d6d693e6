/** Derived from examples/dashboard/*.graphql by `npm run generate`. */
/* biome-ignore-all lint: derived */
import { question } from '../client.js';

export const applicationsOverYears = question(`
# 依申请公开历年办理情况 What was applied for in a county over the years, and what came of it.
query ApplicationsOverYears($county: ID!, $years: [Int!]!, $cells: [ID!]!) {
  county(code: $county) {
    name
    statistics(years: $years) {
      year
      includes
      applications {
        newReceived {
          total
        }
        carriedIn {
          total
        }
        granted {
          total
        }
        partlyGranted {
          total
        }
        refused {
          total
        }
        unavailable {
          total
        }
        notProcessed {
          total
        }
        otherwiseHandled {
          total
        }
        processed {
          total
        }
        carriedOut {
          total
        }
      }
      rates {
        closureRate {
          value
          reports
        }
      }
      breaks {
        effective
        kind
        document
        counterparts {
          name
        }
      }
      coverage {
        expected
        reported
        accepted
        forms {
          form
          reports
        }
        cells(cells: $cells) {
          cell
          reported
          blank
          absent
        }
      }
    }
  }
}
`);

export const countyOverYears = question(`
# 一县历年数字，各乡镇并列 A county over the years, its agencies beside it.
query CountyOverYears($county: ID!, $years: [Int!]!, $after: String) {
  county(code: $county) {
    name
    statistics(years: $years) {
      ...Figures
      breaks {
        effective
        kind
        document
        counterparts {
          name
        }
      }
      coverage {
        expected
        reported
        accepted
        cells(cells: ["applications.newReceived.total", "decisions.penalties.decided"]) {
          cell
          reported
        }
      }
    }
    agencies(first: 100, after: $after) {
      nodes {
        code
        name
        statistics(years: $years) {
          ...Figures
          coverage {
            reported
            accepted
          }
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
}

fragment Figures on Statistics {
  year
  includes
  publishedItems {
    total
    stated
  }
  applications {
    newReceived {
      total
    }
  }
  decisions {
    penalties {
      decided
    }
  }
}
`);

export const publishedItems = question(`
# 主动公开：按栏目、按渠道 What a division published in a year, by category and by channel.
query PublishedItems($division: ID!, $year: Int!, $first: Int!) {
  division(code: $division) {
    name
    statistics(years: [$year]) {
      includes
      publishedItems {
        total
        stated
        categories(first: $first) {
          ...Item
        }
        channels(first: $first) {
          ...Item
        }
      }
      coverage {
        expected
        reported
        accepted
      }
    }
  }
}

fragment Item on PublishedItem {
  name
  count
  counted
  reports
  share
  shareReports
}
`);

export const standing = question(`
# 一县在本地级市各县中的位次，谁居首 Where a county stands among those of its prefecture, and who is first.
query Standing($county: ID!, $measure: ID!, $year: Int!) {
  county(code: $county) {
    name
    position(measure: $measure, year: $year, among: PREFECTURE) {
      value
      rank
      of
      ties
      percentile
      reported
      expected
      blank
      reason {
        zh
        en
      }
    }
    parent {
      name
      ranking(measure: $measure, year: $year, of: COUNTY, first: 100) {
        n
        expected
        includes
        reason {
          zh
          en
        }
        distribution {
          min
          median
          max
        }
        nodes {
          rank
          value
          ties
          reported
          expected
          blank
          lacking
          division {
            code
            name
          }
        }
        unranked(first: 100) {
          totalCount
          nodes {
            division {
              code
              name
            }
            reason {
              zh
            }
          }
        }
      }
    }
  }
}
`);

export const whoHasNotFiled = question(`
# 某年度尚未报送的机关 Which agencies of a division have not filed for a year, and in which county they lie.
query WhoHasNotFiled($division: ID!, $year: Int!, $after: String) {
  division(code: $division) {
    name
    deadline(year: $year)
    statistics(years: [$year]) {
      coverage {
        expected
        reported
        accepted
        missing(first: 100, after: $after) {
          totalCount
          nodes {
            code
            name
            county {
              name
            }
          }
          pageInfo {
            hasNextPage
            endCursor
          }
        }
      }
    }
  }
}
`);
