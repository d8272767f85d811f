/** Stands in for WeChat's miniprogram-ci 2.1.42: the part of it that `npm run release` calls, with its
 *  complaints about what is missing. What is "uploaded" goes into the file that UPLOADED names. */
const fs = require('node:fs')
const path = require('node:path')

const complain = (message) => {
  throw Object.assign(new Error(message), { code: 10000 })
}

class Project {
  constructor({ appid, type, projectPath, privateKey, privateKeyPath, ignores = [] }) {
    if (!projectPath) complain('projectPath should not be empty')
    if (!privateKey && !privateKeyPath) complain('privateKeyPath should not be empty')
    this.appid = appid
    this.type = type
    this.projectPath = projectPath
    this.ignores = ignores
    this.privateKey = privateKey ?? fs.readFileSync(privateKeyPath, 'utf8')
  }
}

async function upload({ project, version, desc, setting }) {
  if (!version) complain('function: "upload" lack of parameter: "version"')
  if (!fs.existsSync(path.join(project.projectPath, 'project.config.json')))
    complain('no project.config.json')
  const files = fs.readdirSync(project.projectPath, { recursive: true }).sort()
  const app = fs.readFileSync(path.join(project.projectPath, 'app.js'), 'utf8')
  fs.writeFileSync(process.env.UPLOADED, JSON.stringify({ ...project, version, desc, setting, files, app }))
  return { subPackageInfo: [{ name: '__FULL__', size: app.length }] }
}

module.exports = { Project, upload }
